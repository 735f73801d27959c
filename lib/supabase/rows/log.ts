import type { Fields } from "#lib/model/fields.ts";
import type { LogChoice, LogChoices, LogEntry, LogValues } from "#lib/model/log.ts";
import type { EpochMs } from "#lib/time.ts";
import { filledText, rowReader } from "./row.ts";

function valuesOf(row: Fields, name: string): LogValues {
  const value = row.raw(name);
  return typeof value === "object" && value !== null ? (value as LogValues) : {};
}

const entry = (row: Fields): LogEntry => ({
  id: row.number("id"),
  at: row.moment("at"),
  actorId: row.maybeText("actor_id"),
  actorName: filledText(row, "actor_name"),
  actorRole: row.text("actor_role"),
  action: row.text("action"),
  machineId: row.maybeText("machine_id"),
  machineName: filledText(row, "machine_name"),
  runId: row.maybeText("run_id"),
  recipeName: filledText(row, "recipe_name"),
  before: valuesOf(row, "before"),
  after: valuesOf(row, "after"),
  reason: filledText(row, "reason"),
  isSimulated: row.yesOr("is_simulated", false),
});

/** A page as `read_log` gives it, in the direction that was asked for. */
export type ReadLog = { rows: LogEntry[]; next: number | null; lookedUntil: EpochMs | null };

export const logPageRow = rowReader(
  "read_log",
  (row): ReadLog => ({
    rows: row.each("rows", entry),
    next: row.maybeNumber("next"),
    lookedUntil: row.maybeMoment("looked_until"),
  }),
);

const choice = (row: Fields): LogChoice => ({
  id: row.text("id"),
  name: row.maybeText("name") ?? "(no name)",
});

export const logChoicesRow = rowReader(
  "log_choices",
  (row): LogChoices => ({
    machines: row.each("machines", choice),
    people: row.each("people", choice),
  }),
);
