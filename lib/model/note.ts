import type { EpochMs } from "#lib/time.ts";

/** Text a person put on a run, on one of its steps (`seq`) or on a moment (`at`). */
export type RunNote = {
  id: string;
  runId: string;
  seq: number | null;
  at: EpochMs | null;
  body: string;
  authorId: string | null;
  createdAt: EpochMs;
};

/** One line of a machine's recent past: a command, a status change, a note. */
export type MachineEvent = {
  id: string;
  at: EpochMs;
  kind: string;
  text: string;
  actor: string | null;
  runId: string | null;
};
