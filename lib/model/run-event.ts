import type { MachineEvent } from "#lib/model/machine-event.ts";

/** One line of the audit log about a run. */
export type RunEvent = MachineEvent & {
  actorName: string | null;
  /** The newest step by then; null before the first, and where nothing is said of steps. */
  lastSeq: number | null;
  /** What a mark said; false of anything else. */
  isGood: boolean;
};
