import { can, type Person } from "#lib/model/person.ts";
import { isRunEnded, type RunStatus, runStatusLabel } from "#lib/model/run.ts";
import type { EpochMs } from "#lib/time.ts";

/** What an engineer said of a run last: that others are to be measured against it, or not any more. */
export type RunMark = {
  isGood: boolean;
  reason: string;
  /** Null when the person is no longer known. */
  markedBy: string | null;
  markedAt: EpochMs;
};

export type MarkRequest = { runId: string; isGood: boolean; reason: string };

/** Null when this person may mark this run, else the sentence that says why not. A courtesy: the database decides. */
export function whyNoMark(person: Person, status: RunStatus, isGood: boolean): string | null {
  if (!person.isActive) return "Your profile is disabled. Ask an administrator.";
  if (!can(person.role, "note")) return "Only engineers and administrators mark runs.";
  if (status === "completed" || isGood) return null;
  if (!isRunEnded(status)) return "It can be marked when it has completed.";
  return `Only a completed run can be good; this one is ${runStatusLabel(status).toLowerCase()}.`;
}
