import { z } from "zod";
import { type Command, commandStatuses } from "#lib/model/command.ts";
import { maybeMoment, maybeText, moment, parseRow, text } from "./row.ts";

const command = z
  .object({
    id: text,
    machine_id: text,
    run_id: maybeText,
    kind: z.enum(["start", "stop", "clear", "reconcile"]),
    mode: z
      .enum(["now", "end_of_cycle"])
      .nullish()
      .transform((v) => v ?? null),
    status: z.enum(commandStatuses),
    recipe_id: maybeText,
    reason: maybeText,
    requested_by: maybeText,
    requested_by_name: maybeText,
    requested_at: moment,
    accepted_at: maybeMoment,
    executing_at: maybeMoment,
    settled_at: maybeMoment,
    refusal_code: maybeText,
    refusal: maybeText,
    refusal_hint: maybeText,
  })
  .transform(
    (row): Command => ({
      id: row.id,
      machineId: row.machine_id,
      runId: row.run_id,
      kind: row.kind,
      mode: row.mode,
      status: row.status,
      recipeId: row.recipe_id,
      reason: row.reason,
      requestedBy: row.requested_by,
      requestedByName: row.requested_by_name,
      requestedAt: row.requested_at,
      acceptedAt: row.accepted_at,
      executingAt: row.executing_at,
      settledAt: row.settled_at,
      refusalCode: row.refusal_code,
      refusal: row.refusal,
      refusalHint: row.refusal_hint,
    }),
  );

export const commandRow = (row: unknown): Command => parseRow("machine_commands", command, row);
