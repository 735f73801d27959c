import type { StepExecution } from "#lib/model/step.ts";
import type { FeedTransport } from "#lib/supabase/open-feed.ts";
import type { Fold } from "./fold/fold.ts";
import type { Gap } from "./gap-healer.ts";
import type { Runtime } from "./runtime.ts";
import type { ClockEstimate } from "./server-clock.ts";

/** Where a feed gets what it shows. */
export type FeedSource<Snapshot> = {
  /** One consistent read. Rejects when it cannot be had. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
  /** Steps of a run by number, both ends included. */
  steps(gap: Gap, signal: AbortSignal): Promise<readonly StepExecution[]>;
  transport: FeedTransport;
};

export type FeedMakings<Snapshot extends object, Live> = {
  runtime: Runtime;
  clock: ClockEstimate;
  fold: Fold<Snapshot, Live>;
  /** What the page was drawn from, and `fold` begins with. */
  initial: Snapshot;
  /** Called when the feed starts, so that merely making one touches nothing. */
  connect: () => FeedSource<Snapshot>;
};
