import type { DurationLine } from "#components/charts/duration-line.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { stepDurationSeries } from "#lib/view/duration-series.ts";

/** The durations of the steps at hand, one line per pulse and purge that repeats; of all while none has yet. */
export function liveDurationLines(steps: readonly StepExecution[]): readonly DurationLine[] {
  const all = stepDurationSeries(steps);
  const repeated = all.filter((series) => series.points.length > 1);
  return (repeated.length > 0 ? repeated : all).map((series) => ({
    key: series.key,
    label: series.valveNumber === null ? series.label : `${series.label}, valve ${series.valveNumber}`,
    plannedMs: series.plannedMs,
    dots: series.points.map((point) => ({
      x: point.cycle ?? point.seq,
      seq: point.seq,
      plannedMs: point.plannedMs,
      measuredMs: point.measuredMs,
      minMs: point.isCutShort ? null : point.measuredMs,
      maxMs: point.isCutShort ? null : point.measuredMs,
      isDeviation: point.isDeviation,
      count: 1,
    })),
  }));
}
