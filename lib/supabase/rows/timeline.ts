import { type Fields, numberOf } from "#lib/model/fields.ts";
import type {
  DurationPoint,
  DurationSeries,
  RunTimeline,
  TimelineSpan,
  TrendSeries,
} from "#lib/model/timeline.ts";
import { durationMs } from "#lib/time.ts";
import { rowReader } from "./row.ts";

/** An open step has no end yet: it reaches as far as the answer does, to `edgeMs`. */
function timelineSpan(row: Fields, edgeMs: number | null): TimelineSpan {
  const lane = row.text("lane");
  const startMs = row.number("start_ms");
  return {
    lane,
    startMs,
    endMs: row.maybeNumber("end_ms") ?? Math.max(startMs, edgeMs ?? startMs),
    count: row.number("count"),
    seq: row.number("seq"),
    name: row.maybeText("name") ?? lane,
    stepType: row.text("step_type"),
    plannedMs: row.maybeDuration("planned_ms"),
    measuredMs: row.maybeDuration("measured_ms"),
    worstDeviationMs: row.maybeDuration("worst_deviation_ms"),
    deviations: row.maybeNumber("deviations") ?? 0,
    isOpen: row.yes("is_open"),
  };
}

export const runTimelineRow = rowReader("run_timeline", (row): RunTimeline => {
  const toMs = row.maybeNumber("to_ms");
  return {
    fromMs: row.maybeNumber("from_ms") ?? 0,
    toMs: toMs ?? 0,
    durationMs: durationMs(row.maybeNumber("duration_ms") ?? 0),
    spans: row.each("spans", (span) => timelineSpan(span, toMs)),
  };
});

const durationPoint = (row: Fields): DurationPoint => ({
  cycle: row.maybeNumber("cycle"),
  seq: row.number("seq"),
  plannedMs: row.maybeNumber("planned_ms"),
  measuredMs: row.maybeNumber("measured_ms"),
  minMs: row.maybeNumber("min_ms"),
  maxMs: row.maybeNumber("max_ms"),
  recordedMs: row.maybeNumber("recorded_ms"),
  count: row.number("count"),
});

export const runDurationsRow = rowReader("run_durations", (row): DurationSeries[] =>
  row.each("series", (series) => ({
    key: series.text("key"),
    stepName: series.maybeText("step_name") ?? series.text("step_type"),
    stepType: series.text("step_type"),
    valveNumber: series.maybeNumber("valve_number"),
    plannedMs: series.maybeNumber("planned_ms"),
    points: series.each("points", durationPoint),
  })),
);

function trendPoint(point: unknown, path: string): TrendSeries["points"][number] {
  const [at, least, mean, most]: readonly unknown[] = Array.isArray(point) ? point : [];
  return [numberOf(at, path), numberOf(least, path), numberOf(mean, path), numberOf(most, path)];
}

export const runTrendRow = rowReader("run_trend", (row): TrendSeries[] =>
  row.each("series", (series) => ({
    parameterId: series.text("parameter_id"),
    name: series.text("name"),
    unit: series.maybeText("unit"),
    setPoint: series.maybeNumber("set_point"),
    points: series.list("points").map((point) => trendPoint(point, series.pathOf("points"))),
  })),
);
