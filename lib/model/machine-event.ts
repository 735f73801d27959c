import type { EpochMs } from "#lib/time.ts";

/** One line of a machine's recent past, from the audit log. */
export type MachineEvent = {
  id: string;
  at: EpochMs;
  /** machine_status, run_status, command_…, refused and the like: the word the database wrote. */
  action: string;
  actorId: string | null;
  actorRole: string;
  runId: string | null;
  commandId: string | null;
  /** start, stop, clear or reconcile, for the lines about commands. */
  commandKind: string | null;
  fromStatus: string | null;
  toStatus: string | null;
  reason: string | null;
};
