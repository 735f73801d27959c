import type { FindingKind, RunFinding, RunReport } from "#lib/model/report.ts";
import { durationMs } from "#lib/time.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";
import { counted, formatCount } from "./count.ts";
import { nameText } from "./name-text.ts";
import { formatReading, parameterLabel } from "./quantity.ts";

/** One finding in words: what is wrong, of which step, where in the run, and by how much. */
export type FindingLine = {
  key: string;
  title: string;
  subject: string;
  where: string;
  reading: string;
  /** Where to look. */
  seq: number;
};

const TITLES: Readonly<Record<FindingKind, string>> = {
  valve_long: "Pulse too long",
  valve_short: "Pulse too short",
  purge_long: "Purge too long",
  purge_short: "Purge too short",
  step_long: "Step too long",
  step_short: "Step too short",
  stuck_purge: "Purge got stuck",
  missing_pulse: "Dose missing",
  duration_drift: "Duration drifts",
  peak_drift: "Pressure peak drifts",
  late_heater: "Heater late",
  late_set_point: "Set-point reached late",
  out_of_window: "Out of its window",
};

/** What went wrong, in two words. */
export const findingTitle = (kind: FindingKind): string => TITLES[kind];

export const findingLine = (finding: RunFinding): FindingLine => ({
  key: `${finding.kind} ${finding.fromSeq} ${finding.stepName} ${finding.parameterName}`,
  title: TITLES[finding.kind],
  subject: subjectOf(finding),
  where: whereOf(finding),
  reading: readingOf(finding),
  seq: finding.worstSeq,
});

/** How many steps or stretches of each kind, the most frequent first: "20 × Pulse too long". */
export function findingCounts(report: RunReport): string[] {
  const counts = new Map<FindingKind, number>();
  for (const { kind, count } of report.findings) counts.set(kind, (counts.get(kind) ?? 0) + count);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([kind, count]) => `${formatCount(count)} × ${TITLES[kind]}`);
}

/** What is missing of the record: "Steps 50 to 52 are missing."; null when nothing is. */
export function missingSentence({ missing, missingCount }: RunReport): string | null {
  const [first] = missing;
  if (!first) return null;
  const of =
    first.fromSeq === first.toSeq
      ? `Step ${first.fromSeq} is`
      : `Steps ${first.fromSeq} to ${first.toSeq} are`;
  const more = missing.length > 1 ? `, and others: ${counted(missingCount, "step")} in all` : "";
  return `${of} missing${more}.`;
}

function subjectOf({ stepName, valveNumber, parameterName }: RunFinding): string {
  if (parameterName !== null) return parameterLabel(parameterName);
  const name = nameText(stepName ?? "a step");
  return valveNumber === null ? name : `${name}, valve ${valveNumber}`;
}

function whereOf({ fromSeq, toSeq, fromCycle, toCycle, count }: RunFinding): string {
  if (fromCycle !== null && toCycle !== null && toCycle > fromCycle)
    return `cycles ${formatCount(fromCycle)} to ${formatCount(toCycle)}, ${counted(count, "step")}`;
  const steps =
    toSeq !== null && toSeq > fromSeq
      ? `steps ${formatCount(fromSeq)} to ${formatCount(toSeq)}`
      : `step ${formatCount(fromSeq)}`;
  return fromCycle === null ? steps : `cycle ${formatCount(fromCycle)}, ${steps}`;
}

/** The difference in any case: "3.0 s instead of 3.0 s" says nothing. */
function readingOf({ kind, value, expected, unit }: RunFinding): string {
  if (value === null || expected === null) return "";
  const isDuration = unit === "ms";
  const write = (figure: number) =>
    isDuration ? formatDuration(durationMs(figure)) : formatReading(figure, unit);
  const off = value - expected;
  const difference = isDuration
    ? formatDeviation(durationMs(off))
    : `${off < 0 ? "−" : "+"}${formatReading(Math.abs(off), unit)}`;
  if (kind === "duration_drift" || kind === "peak_drift") return `${difference} on ${write(expected)}`;
  return `${difference}: ${write(value)} instead of ${write(expected)}`;
}
