import { z } from "zod";
import { type DurationMs, durationMs, type EpochMs, parseMoment } from "#lib/time.ts";

// The one edge between database rows and the model: every row is parsed, and a row that cannot be names its field.

/** A database row that is not what this version expects: schema and code do not belong together. */
export class RowFault extends Error {
  readonly table: string;
  readonly field: string;
  constructor(table: string, field: string, problem: string) {
    super(`A row of ${table} could not be read: ${field}: ${problem}.`);
    this.name = "RowFault";
    this.table = table;
    this.field = field;
  }
}

/** Parses one row of `table`; throws a RowFault naming the first field that does not fit. */
export function parseRow<T>(table: string, schema: z.ZodType<T>, row: unknown): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue && issue.path.length > 0 ? issue.path.join(".") : "(row)";
  throw new RowFault(table, field, issue?.message ?? "does not fit");
}

export const text = z.string();
export const maybeText = z
  .string()
  .nullish()
  .transform((v) => v ?? null);

/** Optional text that the tables keep as an empty string. */
export const blankText = maybeText.transform((v) => (v === "" ? null : v));

/** int8 and numeric arrive as number or, over some paths, as text. */
export const number = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/)])
  .transform(Number);
export const maybeNumber = number.nullish().transform((v) => v ?? null);
export const maybeBool = (fallback: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((v) => v ?? fallback);

export const moment = z.string().transform((value, context): EpochMs => {
  const at = parseMoment(value);
  if (at !== null) return at;
  context.addIssue({ code: "custom", message: `"${value}" is not a moment` });
  return z.NEVER;
});
export const maybeMoment = moment.nullish().transform((v) => v ?? null);

export const maybeDuration = number
  .nullish()
  .transform((v): DurationMs | null => (v == null ? null : durationMs(v)));
