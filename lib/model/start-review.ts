import type { Pace } from "#lib/model/pace.ts";
import type { Program } from "#lib/model/program.ts";
import type { Run } from "#lib/model/run.ts";
import type { DurationMs, EpochMs } from "#lib/time.ts";

/** What a permissive is about; `set_point` and `reading` come once per parameter, named by it. */
export type PermissiveKey = "service" | "idle" | "controller" | "machine_type" | "set_point" | "reading";

/** One condition of a start, as Postgres judged it (`private.permissives`). */
export type Permissive = {
  key: PermissiveKey;
  name: string;
  /** Null where nobody knows: no reading, or an old one. That does not stand against a start. */
  isMet: boolean | null;
  value: number | null;
  unit: string | null;
  minimum: number | null;
  maximum: number | null;
  /** When the value was read, the controller last heard of, the state entered. */
  readAt: EpochMs | null;
  /** Why it is not met. */
  reason: string | null;
  hint: string | null;
};

/** What a person weighs before a start, in one consistent read. */
export type StartReview = {
  serverTime: EpochMs;
  /** Sent with the start, which is refused when the machine has changed since. */
  machineVersion: number;
  /** The program as a start now would freeze it. */
  program: Program;
  /** Names that program. Sent with the start, which is refused when the recipe has changed since. */
  programTag: string;
  permissives: readonly Permissive[];
  /** Null without history. */
  pace: Pace | null;
  /** The last run of this recipe on this machine that completed without a deviation. */
  lastGood: { run: Run; operatorName: string | null } | null;
};

/** A recipe that a machine could run. */
export type RecipeChoice = {
  id: string;
  name: string;
  description: string | null;
  version: number;
  /** Null when the recipe is malformed. */
  plannedMs: DurationMs | null;
  /** When this machine last ran it. */
  lastUsedAt: EpochMs | null;
};

/** What became of reading a review: the recipe may be gone, or written so that no machine can play it. */
export type StartReading =
  | { kind: "review"; review: StartReview }
  | { kind: "missing" }
  /** `problem` opens with the path of the first fault. */
  | { kind: "malformed"; problem: string };
