import { type Command, commandKindLabel, commandStatusLabel, isCommandSettled } from "#lib/model/command.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";

export type CommandStage = {
  key: "requested" | "accepted" | "executing" | "done";
  label: string;
  state: "done" | "current" | "waiting" | "failed";
  at: EpochMs | null;
  /** Time since the stage before. */
  tookMs: DurationMs | null;
};
export type CommandSteps = {
  title: string;
  stages: readonly CommandStage[];
  isSettled: boolean;
  /** What became of it, in one sentence; null while it is under way. */
  outcome: string | null;
  isRefused: boolean;
  waitedMs: DurationMs;
  /** A stop without acknowledgement is slow after 5 s and unconfirmed after 15 s. */
  escalation: "none" | "slow" | "unconfirmed";
};

const SLOW_MS = 5_000;
const UNCONFIRMED_MS = 15_000;

/** How far a command got, from the database's times only: nothing is shown that has not happened. */
export function commandSteps(command: Command, now: EpochMs): CommandSteps {
  const isSettled = isCommandSettled(command.status);
  const waitedMs = durationMs(Math.max(0, elapsed(command.requestedAt, command.settledAt ?? now)));
  return {
    title: title(command),
    stages: stages(command, isSettled),
    isSettled,
    outcome: isSettled ? outcome(command, waitedMs) : null,
    isRefused: command.status === "rejected" || command.status === "expired" || command.status === "failed",
    waitedMs,
    escalation: escalation(command, waitedMs),
  };
}

function title(command: Command): string {
  if (command.kind === "stop" && command.mode === "end_of_cycle") return "Stop at the end of the cycle";
  return commandKindLabel(command.kind);
}

/** Clear and reconcile are done by the database itself; no controller takes them. */
const hasController = (command: Command): boolean => command.kind === "start" || command.kind === "stop";

function stages(command: Command, isSettled: boolean): CommandStage[] {
  const times: [CommandStage["key"], string, EpochMs | null][] = [
    ["requested", "Requested", command.requestedAt],
  ];
  if (hasController(command)) {
    times.push(["accepted", "Accepted", command.acceptedAt], ["executing", "Executing", command.executingAt]);
  }
  const isDone = command.status === "succeeded";
  const last = isSettled && !isDone ? commandStatusLabel(command.status) : "Done";
  times.push(["done", last, command.settledAt]);
  const reached = times.findLastIndex(([, , at]) => at !== null);
  // What has ended will not pass the stages it left out.
  const shown = isSettled ? times.filter(([key, , at]) => key === "done" || at !== null) : times;
  let before: EpochMs | null = null;
  return shown.map(([key, label, at], index) => {
    const tookMs = at === null || before === null ? null : durationMs(Math.max(0, elapsed(before, at)));
    before = at ?? before;
    return { key, label, state: stageState(key, index, reached, isSettled, isDone), at, tookMs };
  });
}

function stageState(
  key: CommandStage["key"],
  index: number,
  reached: number,
  isSettled: boolean,
  isDone: boolean,
): CommandStage["state"] {
  if (isSettled) {
    if (key === "done") return isDone ? "done" : "failed";
    return "done";
  }
  if (index <= reached) return "done";
  return index === reached + 1 ? "current" : "waiting";
}

function outcome(command: Command, waitedMs: DurationMs): string {
  const after = formatDuration(waitedMs);
  if (command.status === "succeeded") return `Done after ${after}.`;
  if (command.refusal) return command.refusal;
  if (command.status === "superseded") {
    return command.kind === "stop"
      ? "The run ended by itself before the stop took effect."
      : "Another command took its place.";
  }
  if (command.status === "expired")
    return `No controller took it within ${after}; it will not be carried out.`;
  return command.status === "rejected" ? "It was refused." : "The controller could not do it.";
}

function escalation(command: Command, waitedMs: DurationMs): CommandSteps["escalation"] {
  if (command.kind !== "stop" || command.status !== "requested") return "none";
  if (waitedMs >= UNCONFIRMED_MS) return "unconfirmed";
  return waitedMs >= SLOW_MS ? "slow" : "none";
}
