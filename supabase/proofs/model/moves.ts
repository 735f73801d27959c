/** Moves of a state that several requests share. */
import type { EndStatus, RunKey } from "./requests.ts";
import { isActive, openCommands, type State } from "./state.ts";

/** The controller of a machine that is at work fell silent: whoever looks next finds out, and its fence is void. */
export function sweep(state: State): void {
  if (state.lease === null || state.lease.isLive) return;
  if (state.status !== "processing" && state.status !== "stopping") return;
  state.fence += 1;
  state.status = "unknown";
}

/** The run ends and its machine with it; what was asked of it and is still open gets its outcome. */
export function endRun(state: State, key: RunKey, status: EndStatus, machine: string): void {
  const run = state.runs[key];
  if (run === undefined || !isActive(run)) return;
  run.status = status;
  for (const open of openCommands(state, key)) {
    if (open.kind === "stop") open.status = status === "aborted" ? "succeeded" : "superseded";
    if (open.kind === "start") open.status = run.steps > 0 ? "succeeded" : "failed";
  }
  if (state.run !== key) return;
  state.status = machine;
  state.run = null;
}
