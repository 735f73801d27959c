import type { RunMark } from "#lib/model/run-mark.ts";
import { rowReader } from "./row.ts";

export const runMarkRow = rowReader("run_marks", (row): RunMark => {
  const person = row.maybeInner("person");
  return {
    isGood: row.yes("is_good"),
    reason: row.text("reason"),
    markedBy: person?.maybeText("full_name") ?? person?.maybeText("username") ?? null,
    markedAt: row.moment("marked_at"),
  };
});
