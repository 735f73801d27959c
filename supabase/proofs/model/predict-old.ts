import { endRun } from "./moves.ts";
import type { Request } from "./requests.ts";
import { activeRun, isActive, isBusy, type State } from "./state.ts";

type OldRequest = Extract<Request, { fn: `old ${string}` | `atomic_${string}` }>;

const ENDED = "PT409";
const PARTED = "PT409";

/** What a controller without a lease is answered, whether it writes the tables one by one or by the atomic functions. */
export function predictOld(state: State, request: OldRequest): string {
  switch (request.fn) {
    case "old start":
      return start(state, request.run, request.statements);
    case "old step":
      return step(state, request.run);
    case "old end":
      return end(state, request);
    case "old machine":
      return move(state, request.status, request.run);
    case "atomic_complete_machine_state":
      return move(state, "idle", null);
    case "atomic_error_machine_state":
      return move(state, "error", null);
    case "atomic_processing_machine_state":
      // The call looks for the run first; a table write is told by the foreign key.
      return isKnown(state, request.run) ? move(state, "processing", request.run) : "run_not_found";
  }
}

/** The first statement makes a session, the second the run; the machine follows with it, whatever comes of the rest. */
function start(state: State, key: string, statements: number): string {
  if (statements < 2) return "";
  if (activeRun(state) !== null) return "23505";
  state.runs[key] = { status: "running", steps: 0, isReported: false, hasState: statements > 2 };
  state.status = "processing";
  state.run = key;
  return "";
}

function step(state: State, key: string): string {
  const run = state.runs[key];
  if (run !== undefined && isActive(run) && run.hasState && !run.isReported) run.steps += 1;
  return "";
}

function end(state: State, { run: key, status, statements }: OldRequest & { fn: "old end" }): string {
  const run = state.runs[key];
  const machine = status === "failed" ? "error" : "idle";
  if (run !== undefined && !isActive(run) && run.status !== status) return ENDED;
  endRun(state, key, status, machine);
  return statements > 1 ? move(state, machine, null) : "";
}

const isKnown = (state: State, run: string): boolean => state.runs[run] !== undefined;

function move(state: State, word: string, run: string | null): string {
  const status = word.toLowerCase() === "running" ? "processing" : word.toLowerCase();
  if (run !== null && !isKnown(state, run)) return "23503";
  const active = activeRun(state);
  if (run !== active || isBusy(status) !== (active !== null)) return PARTED;
  state.status = status;
  state.run = run;
  return "";
}
