import type { Fields } from "#lib/model/fields.ts";
import type { MachineEvent } from "#lib/model/machine-event.ts";
import type { RunEvent } from "#lib/model/run-event.ts";
import { rowReader } from "./row.ts";

function eventOf(row: Fields): MachineEvent {
  const after = row.maybeInner("after");
  return {
    id: String(row.number("id")),
    at: row.moment("at"),
    action: row.text("action"),
    actorId: row.maybeText("actor_id"),
    actorRole: row.text("actor_role"),
    runId: row.maybeText("run_id"),
    commandId: row.maybeText("command_id"),
    commandKind: after?.maybeText("kind") ?? null,
    fromStatus: row.maybeInner("before")?.maybeText("status") ?? null,
    toStatus: after?.maybeText("status") ?? null,
    reason: row.maybeText("reason"),
  };
}

export const machineEventRow = rowReader("machine_snapshot.recent_events", eventOf);

/** Without the name of who did it, which stands in another table. */
export const runEventRow = rowReader("audit_log", (row): Omit<RunEvent, "actorName"> => {
  const after = row.maybeInner("after");
  return {
    ...eventOf(row),
    lastSeq: after?.maybeNumber("last_seq") || null,
    isGood: after?.yesOr("is_good", false) ?? false,
  };
});
