import type { MachineGlance } from "#executor/reporter/person-client.ts";

export type Move =
  | { kind: "watch" }
  | { kind: "start" }
  | { kind: "yield"; secondsLeft: number }
  | { kind: "clear"; reason: string }
  | { kind: "reconcile"; runId: string; reason: string };

/** How long the demo leaves a machine alone after a person stopped its run. */
const YIELD_S = 60;
const LOOK_EVERY_MS = 2000;
const LOOK_SOON_MS = 400;
const LONGEST_PAUSE_MS = 60_000;
const WATCH: Move = { kind: "watch" };
const AFTER_RESTART = "The controller restarted during a demo run; the simulated reactor is idle and safe.";

/**
 * What the autopilot does about a machine. It starts runs on an idle one, makes way for a person who stopped a run, and
 * clears only what its own interrupted run left behind: every other error is left for people to see.
 */
export function nextMove({ machine, run, commands, server_time }: MachineGlance, autopilotId: string): Move {
  const isOwn = run?.operator_id === autopilotId;
  if (machine.status === "error" && isOwn && run.end_reason === "interrupted")
    return { kind: "clear", reason: AFTER_RESTART };
  if (machine.status === "unknown" && isOwn)
    return { kind: "reconcile", runId: run.id, reason: AFTER_RESTART };
  if (machine.status !== "idle") return WATCH;
  const wasStopped = commands.some(
    ({ kind, run_id, requested_by }) => kind === "stop" && run_id === run?.id && requested_by !== autopilotId,
  );
  if (!wasStopped || run?.end_time == null) return { kind: "start" };
  const secondsLeft = YIELD_S - (Date.parse(server_time) - Date.parse(run.end_time)) / 1000;
  return secondsLeft > 0 ? { kind: "yield", secondsLeft } : { kind: "start" };
}

/** How long to wait before looking again: doubling from 0.8 s to 60 s while one move after the other is refused. */
export function pauseMs(isBusy: boolean, refusals: number): number {
  if (refusals > 0) return Math.min(LONGEST_PAUSE_MS, LOOK_SOON_MS * 2 ** refusals);
  return isBusy ? LOOK_EVERY_MS : LOOK_SOON_MS;
}
