import type { StepExecution } from "#lib/model/step.ts";
import type { FeedChange, FeedScope } from "#lib/supabase/open-feed.ts";
import type { EpochMs } from "#lib/time.ts";
import type { SeqRange } from "./step-ring.ts";

/** What a feed keeps true: a fold takes snapshots and changes in any order and says what it still misses. */
export type Fold<Snapshot, Live> = {
  /** "news" when it held something that changes tell of and had not told. */
  putSnapshot(snapshot: Snapshot): "known" | "news";
  /** "unknown" when the change shows that something is there which only a catch-up can tell. Throws RowFault. */
  putChange(change: FeedChange): "taken" | "unknown";
  putSteps(steps: readonly StepExecution[]): void;
  /** Steps to be read by number, null when nothing is missing. */
  gap(): { runId: string; range: SeqRange } | null;
  /** The scopes to be subscribed for what is shown now. */
  scopes(): readonly FeedScope[];
  /** When a controller that held a machine at `heardAt` must have been heard of again; null when none did. */
  nextBeat(heardAt: EpochMs): EpochMs | null;
  /** The same object as long as nothing changed. */
  live(): Live;
};
