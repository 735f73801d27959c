import type { Fields } from "#lib/model/fields.ts";
import { parseProgram } from "#lib/model/program.ts";
import type { Permissive, PermissiveKey, RecipeChoice, StartReading } from "#lib/model/start-review.ts";
import { paceOf } from "./pace.ts";
import { rowReader } from "./row.ts";
import { runRow } from "./run.ts";

const KEYS: readonly PermissiveKey[] = [
  "service",
  "idle",
  "controller",
  "machine_type",
  "set_point",
  "reading",
];

const permissive = (row: Fields): Permissive => ({
  key: row.word("key", KEYS),
  name: row.text("name"),
  isMet: row.raw("is_met") === null ? null : row.yes("is_met"),
  value: row.maybeNumber("value"),
  unit: row.maybeText("unit"),
  minimum: row.maybeNumber("minimum"),
  maximum: row.maybeNumber("maximum"),
  readAt: row.maybeMoment("read_at"),
  reason: row.maybeText("reason"),
  hint: row.maybeText("hint"),
});

/** A program that Postgres would freeze, but that this version cannot read, is malformed for it. */
export const startReviewRow = rowReader("start_review", (frame): StartReading => {
  const parsed = parseProgram(frame.raw("program"));
  if (!parsed.ok) return { kind: "malformed", problem: parsed.message };
  const lastGood = frame.maybeInner("last_good");
  return {
    kind: "review",
    review: {
      serverTime: frame.moment("server_time"),
      machineVersion: frame.number("machine_version"),
      program: parsed.program,
      programTag: frame.text("program_tag"),
      permissives: frame.each("permissives", permissive),
      pace: paceOf(frame.maybeInner("pace")),
      lastGood: lastGood && {
        run: runRow(frame.raw("last_good")),
        operatorName: lastGood.maybeText("operator_name"),
      },
    },
  };
});

export const recipeChoiceRow = rowReader(
  "recipe_choices",
  (row): RecipeChoice => ({
    id: row.text("id"),
    name: row.text("name"),
    description: row.maybeText("description"),
    version: row.number("version"),
    plannedMs: row.maybeDuration("planned_ms"),
    lastUsedAt: row.maybeMoment("last_used_at"),
  }),
);
