import type { Fields } from "#lib/model/fields.ts";
import { findingKinds, type RunFinding, type RunReport } from "#lib/model/report.ts";
import { rowReader } from "./row.ts";

const finding = (row: Fields): RunFinding => ({
  kind: row.word("kind", findingKinds),
  series: row.maybeNumber("series"),
  stepName: row.maybeText("step_name"),
  valveNumber: row.maybeNumber("valve_number"),
  parameterName: row.maybeText("parameter_name"),
  unit: row.maybeText("unit"),
  fromSeq: row.number("from_seq"),
  toSeq: row.maybeNumber("to_seq"),
  fromCycle: row.maybeNumber("from_cycle"),
  toCycle: row.maybeNumber("to_cycle"),
  startMs: row.maybeNumber("start_ms"),
  endMs: row.maybeNumber("end_ms"),
  count: row.number("count"),
  worstSeq: row.maybeNumber("worst_seq") ?? row.number("from_seq"),
  worstCycle: row.maybeNumber("worst_cycle"),
  value: row.maybeNumber("value"),
  expected: row.maybeNumber("expected"),
  limit: row.maybeNumber("limit"),
});

export const runReportRow = rowReader(
  "run_verdict",
  (row): RunReport => ({
    isComplete: row.yes("is_complete"),
    missing: row.each("missing", (gap) => ({ fromSeq: gap.number("from_seq"), toSeq: gap.number("to_seq") })),
    missingCount: row.number("missing_count"),
    findings: row.each("findings", finding),
    findingsTotal: row.number("findings_total"),
    hasMore: row.yes("has_more"),
  }),
);
