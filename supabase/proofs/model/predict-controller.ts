import { endRun, sweep } from "./moves.ts";
import type { Request } from "./requests.ts";
import { isActive, isOpen, openCommands, type RunState, type State } from "./state.ts";

type ControllerRequest = Extract<Request, { fence: number } | { controller: string }>;

/** What a controller with a lease is answered. */
export function predictController(state: State, request: ControllerRequest): string {
  switch (request.fn) {
    case "claim_machine":
      return claim(state, request);
    case "renew_lease":
      return renew(state, request);
    case "release_machine":
      return release(state, request);
    case "accept_command":
      return accept(state, request);
    case "advance_command":
      return advance(state, request);
    case "record_step":
      return record(state, request);
    case "end_process":
      return end(state, request);
  }
}

const isStale = (state: State, fence: number): boolean => state.lease === null || state.fence !== fence;

function claim(
  state: State,
  { controller, leavesStarts }: ControllerRequest & { fn: "claim_machine" },
): string {
  sweep(state);
  if (state.lease?.isLive === true && state.lease.controller !== controller) return "lease_held";
  state.lease = { controller, isLive: true };
  state.fence += 1;
  if (leavesStarts !== true) expireStarts(state);
  if (state.status === "offline") state.status = "idle";
  return "";
}

function renew(state: State, { fence, leavesStarts }: ControllerRequest & { fn: "renew_lease" }): string {
  if (isStale(state, fence) || state.lease === null) return "fence_stale";
  state.lease.isLive = true;
  if (leavesStarts !== true) expireStarts(state);
  return "";
}

function release(state: State, { fence }: { fence: number }): string {
  if (isStale(state, fence) || state.lease === null) return "fence_stale";
  state.fence += 1;
  state.lease.isLive = false;
  if (state.status === "idle") state.status = "offline";
  return "";
}

function expireStarts(state: State): void {
  for (const [id, waiting] of Object.entries(state.commands)) {
    if (waiting.kind !== "start" || waiting.status !== "requested" || waiting.ageSeconds < 30) continue;
    waiting.status = "expired";
    endRun(state, id, "failed", "idle");
  }
}

function accept(state: State, { command, fence }: ControllerRequest & { fn: "accept_command" }): string {
  const taken = state.commands[command];
  if (taken === undefined) return "command_not_found";
  if (isStale(state, fence)) return "fence_stale";
  if (!isOpen(taken)) return "command_settled";
  if (taken.status === "requested") taken.status = "accepted";
  return "";
}

function advance(
  state: State,
  { command, fence, status }: ControllerRequest & { fn: "advance_command" },
): string {
  const taken = state.commands[command];
  if (taken === undefined) return "command_not_found";
  if (isStale(state, fence)) return "fence_stale";
  if (!isOpen(taken)) return "command_settled";
  taken.status = status;
  if (status === "failed" && taken.kind === "start" && taken.run !== null)
    endRun(state, taken.run, "failed", "error");
  return "";
}

function record(state: State, request: ControllerRequest & { fn: "record_step" }): string {
  const { run: key, fence, seqs, isMalformed } = request;
  if (isMalformed) return "step_invalid";
  const run = state.runs[key];
  if (run === undefined) return "run_not_found";
  if (isStale(state, fence)) return "fence_stale";
  returned(state, key);
  return write(state, key, run, seqs);
}

/** A controller that reports of its run is not lost. */
function returned(state: State, key: string): void {
  if (state.status !== "unknown" || state.run !== key) return;
  state.status = openCommands(state, key, "stop").length > 0 ? "stopping" : "processing";
}

function write(state: State, key: string, run: RunState, seqs: number[]): string {
  if (!isActive(run)) return "run_ended";
  let last = run.steps;
  for (const seq of seqs) {
    if (seq > last + 1) return "step_gap";
    last = Math.max(last, seq);
  }
  if (last > run.steps) run.isReported = true;
  if (run.status === "preparing" && last > 0) run.status = "running";
  if (last > 0) for (const open of openCommands(state, key, "start")) open.status = "succeeded";
  run.steps = last;
  return "";
}

function end(state: State, request: ControllerRequest & { fn: "end_process" }): string {
  const { run: key, fence, outcome, seqs } = request;
  if (outcome === "vanished") return "outcome_unknown";
  const status = outcome === "interrupted" ? "failed" : outcome;
  const run = state.runs[key];
  if (run === undefined) return "run_not_found";
  if (isStale(state, fence)) return "fence_stale";
  if (run.status === status) return "";
  if (!isActive(run)) return "run_ended";
  if (seqs.length > 0) {
    returned(state, key);
    const code = write(state, key, run, seqs);
    if (code !== "") return code;
  }
  for (const open of openCommands(state, key, "start")) open.status = "failed";
  endRun(state, key, status, status === "failed" ? "error" : "idle");
  return "";
}
