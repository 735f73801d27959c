import type { MachineEvent } from "#lib/model/machine-event.ts";

const words: Record<string, string> = {
  machine_status: "Machine",
  run_status: "Run",
  command_requested: "Command requested",
  command_rejected: "Command refused",
  command_expired: "Command expired",
  controller_lost: "Controller lost",
  controller_returned: "Controller returned",
  run_marked: "Run marked",
  note_written: "Note written",
  note_changed: "Note changed",
  note_retracted: "Note taken back",
};

export type EventLine = { text: string; isTrouble: boolean };

const trouble = new Set(["command_rejected", "command_expired", "controller_lost"]);

/** One audit line in words: "Machine idle → processing", "Command refused: the machine is busy". */
export function eventLine(event: MachineEvent): EventLine {
  const kind = event.commandKind ? ` (${event.commandKind})` : "";
  const what = words[event.action] ?? event.action.replaceAll("_", " ");
  const change =
    event.toStatus === null ? "" : ` ${event.fromStatus ? `${event.fromStatus} → ` : ""}${event.toStatus}`;
  // A run that just ended as it should gives its status as the reason.
  const reason = event.reason && event.reason !== event.toStatus ? `: ${event.reason}` : "";
  const isFailure = event.toStatus === "error" || event.toStatus === "failed" || event.toStatus === "unknown";
  return { text: `${what}${kind}${change}${reason}`, isTrouble: isFailure || trouble.has(event.action) };
}
