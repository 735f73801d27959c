// The rules of machine, run, step, command and lease, written a second time and from the outside: for a state and a
// request, the code of the answer (empty when it is done) and the state afterwards. Where the database and this page
// differ, one of them is wrong.

import { endRun, sweep } from "./moves.ts";
import { predictController } from "./predict-controller.ts";
import { predictOld } from "./predict-old.ts";
import { type CommandRequest, isCommand, type Request } from "./requests.ts";
import { type CommandState, copyOf, isBusy, openCommands, type State } from "./state.ts";

export type Prediction = { code: string; state: State };

const MOST_STARTS_PER_MINUTE = 12;

/** What the database must answer, and what must be true afterwards. */
export function predict(before: State, request: Request): Prediction {
  const state = copyOf(before);
  return { code: isCommand(request) ? command(state, request) : otherwise(state, request), state };
}

function otherwise(state: State, request: Exclude<Request, CommandRequest>): string {
  switch (request.fn) {
    case "old start":
    case "old step":
    case "old end":
    case "old machine":
    case "atomic_complete_machine_state":
    case "atomic_error_machine_state":
    case "atomic_processing_machine_state":
      return predictOld(state, request);
    case "lease runs out":
      if (state.lease !== null) state.lease.isLive = false;
      return "";
    case "half a minute passes":
      for (const each of Object.values(state.commands)) each.ageSeconds += 31;
      return "";
    case "clock steps back":
      return "";
    default:
      return predictController(state, request);
  }
}

function command(state: State, request: CommandRequest): string {
  if (request.fn === "request_stop" && !["now", "end_of_cycle"].includes(request.mode)) return "mode_unknown";
  if (request.fn === "reconcile_run" && state.runs[request.run] === undefined) return "machine_not_found";
  sweep(state);
  const content = contentOf(request);
  const earlier = state.commands[request.command];
  if (earlier !== undefined) {
    const isSame = earlier.by === request.by && earlier.content === content;
    return isSame ? earlier.refusal : "command_id_reused";
  }
  const made: CommandState = {
    kind: KINDS[request.fn],
    by: request.by,
    content,
    status: "requested",
    refusal: "",
    run: null,
    ageSeconds: 0,
  };
  state.commands[request.command] = made;
  const refusal = request.by === "operator" ? decide(state, request, made) : "not_allowed";
  if (refusal !== "") Object.assign(made, { status: "rejected", refusal });
  return refusal;
}

const KINDS = {
  start_process: "start",
  request_stop: "stop",
  clear_machine: "clear",
  reconcile_run: "reconcile",
};

/** The version a person decided on is not part of what the key is bound to. */
function contentOf(request: CommandRequest): string {
  return JSON.stringify({ ...request, by: undefined, command: undefined, version: undefined });
}

function decide(state: State, request: CommandRequest, made: CommandState): string {
  switch (request.fn) {
    case "start_process":
      return start(state, request, made);
    case "request_stop":
      return stop(state, request, made);
    case "clear_machine":
      return clear(state, request, made);
    case "reconcile_run":
      return reconcile(state, request, made);
  }
}

type Of<Fn> = CommandRequest & { fn: Fn };

function start(state: State, request: Of<"start_process">, made: CommandState): string {
  const { command, recipe, version } = request;
  if (version === "stale") return "stale_version";
  if (state.status !== "idle") return "machine_not_idle";
  if (state.lease?.isLive !== true) return "no_controller";
  if (recipe === "missing") return "recipe_not_found";
  const recent = Object.values(state.commands).filter(
    ({ kind, by, status, ageSeconds }) =>
      kind === "start" && by === "operator" && status !== "rejected" && ageSeconds < 60,
  );
  if (recent.length > MOST_STARTS_PER_MINUTE) return "too_many_starts";
  if (recipe === "empty") return "program_invalid";
  if (recipe === "other type") return "recipe_not_for_machine";
  state.runs[command] = { status: "preparing", steps: 0, isReported: false, hasState: true };
  made.run = command;
  state.status = "processing";
  state.run = command;
  return "";
}

function stop(state: State, { run }: Of<"request_stop">, made: CommandState): string {
  if (state.run === null || !isBusy(state.status)) return "nothing_to_stop";
  if (run !== null && run !== state.run) return "run_not_current";
  made.run = state.run;
  const [waiting] = openCommands(state, state.run, "start");
  if (waiting?.status === "requested") {
    waiting.status = "superseded";
    endRun(state, state.run, "aborted", "idle");
  } else if (state.status === "processing") state.status = "stopping";
  return "";
}

function clear(state: State, { reason }: Of<"clear_machine">, made: CommandState): string {
  if (reason.length < 3) return "reason_missing";
  if (state.status !== "error") return "not_in_error";
  state.status = "idle";
  made.status = "succeeded";
  return "";
}

function reconcile(state: State, request: Of<"reconcile_run">, made: CommandState): string {
  if (request.reason.length < 3) return "reason_missing";
  if (state.status !== "unknown" || state.run !== request.run) return "not_unknown";
  for (const open of openCommands(state, request.run)) open.status = "failed";
  endRun(state, request.run, request.outcome, "idle");
  Object.assign(made, { status: "succeeded", run: request.run });
  return "";
}
