import type { Fields } from "#lib/model/fields.ts";
import type { Pace } from "#lib/model/pace.ts";

/** Null unless enough runs were measured to say all three. */
export function paceOf(row: Fields | null): Pace | null {
  const p10 = row?.maybeNumber("p10") ?? null;
  const p50 = row?.maybeNumber("p50") ?? null;
  const p90 = row?.maybeNumber("p90") ?? null;
  return row === null || p10 === null || p50 === null || p90 === null
    ? null
    : { runs: row.number("runs"), p10, p50, p90 };
}
