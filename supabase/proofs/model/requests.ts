/** What people, controllers, old controllers and time itself may do to one machine: plain data, so that a failure can be kept. */

export type Person = "operator" | "viewer" | "stranger";
export type Controller = "a" | "b";
/** The command that asked for the run, or the run's own id when an old controller made it. */
export type RunKey = string;
export type EndStatus = "completed" | "failed" | "aborted";

export type Request =
  | {
      fn: "start_process";
      by: Person;
      command: string;
      recipe: "good" | "empty" | "other type" | "missing";
      version: "any" | "stale";
    }
  | { fn: "request_stop"; by: Person; command: string; run: RunKey | null; mode: string }
  | { fn: "clear_machine"; by: Person; command: string; reason: string }
  | {
      fn: "reconcile_run";
      by: Person;
      command: string;
      run: RunKey;
      outcome: "aborted" | "failed";
      reason: string;
    }
  | { fn: "claim_machine"; controller: Controller; leavesStarts?: boolean }
  | { fn: "renew_lease"; fence: number; leavesStarts?: boolean }
  | { fn: "release_machine"; fence: number }
  | { fn: "accept_command"; fence: number; command: string }
  | { fn: "advance_command"; fence: number; command: string; status: "executing" | "failed" }
  | { fn: "record_step"; fence: number; run: RunKey; seqs: number[]; isMalformed: boolean }
  | {
      fn: "end_process";
      fence: number;
      run: RunKey;
      outcome: EndStatus | "interrupted" | "vanished";
      seqs: number[];
    }
  | { fn: "atomic_complete_machine_state" | "atomic_error_machine_state" }
  | { fn: "atomic_processing_machine_state"; run: RunKey }
  /** The two-call controller: each line of it is a statement and a transaction of its own. */
  | { fn: "old start"; run: RunKey; statements: number }
  | { fn: "old step"; run: RunKey; name: string }
  | { fn: "old end"; run: RunKey; status: EndStatus; skewSeconds: number | null; statements: number }
  | { fn: "old machine"; table: "machines" | "machine_state"; status: string; run: RunKey | null }
  | { fn: "lease runs out" | "half a minute passes" | "clock steps back" };

export type CommandRequest = Extract<Request, { command: string; by: Person }>;
export const isCommand = (request: Request): request is CommandRequest => "by" in request;

const NOBODY = "00000000-0000-4000-8000-000000000000";
/** A run that does not exist. */
export const NO_RUN: RunKey = NOBODY;
