import { type Command, commandKinds, commandStatuses } from "#lib/model/command.ts";
import { rowReader } from "./row.ts";

const MODES = ["now", "end_of_cycle"] as const;

export const commandRow = rowReader(
  "machine_commands",
  (row): Command => ({
    id: row.text("id"),
    machineId: row.text("machine_id"),
    runId: row.maybeText("run_id"),
    kind: row.word("kind", commandKinds),
    mode: row.maybeWord("mode", MODES),
    status: row.word("status", commandStatuses),
    recipeId: row.maybeText("recipe_id"),
    reason: row.maybeText("reason"),
    requestedBy: row.maybeText("requested_by"),
    requestedByName: row.maybeText("requested_by_name"),
    requestedAt: row.moment("requested_at"),
    acceptedAt: row.maybeMoment("accepted_at"),
    executingAt: row.maybeMoment("executing_at"),
    settledAt: row.maybeMoment("settled_at"),
    refusalCode: row.maybeText("refusal_code"),
    refusal: row.maybeText("refusal"),
    refusalHint: row.maybeText("refusal_hint"),
  }),
);
