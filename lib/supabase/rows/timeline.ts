import { type Fields, numberOf } from "#lib/model/fields.ts";
import type {
  DurationPoint,
  DurationSeries,
  LoopLevel,
  MassGain,
  RunTimeline,
  TimelineSpan,
  TrendSeries,
} from "#lib/model/timeline.ts";
import { durationMs } from "#lib/time.ts";
import { rowReader } from "./row.ts";

/** A list of numbers, null where there is none. */
function columnOf(table: Fields, name: string) {
  const values = table.list(name);
  const at = (index: number): number | null =>
    values[index] === null ? null : numberOf(values[index], table.pathOf(`${name}[${index}]`));
  return { at, number: (index: number) => at(index) ?? table.fail(`${name}[${index}]`, "is not a number") };
}

/** The columns of one lane, read as one span per row. An open step has no end yet: it reaches as far as the answer. */
function laneSpans(lane: Fields, names: ReadonlyMap<number, string>, edgeMs: number): TimelineSpan[] {
  const column = (name: string) => columnOf(lane, name);
  const [start, end, count, seq] = [column("start_ms"), column("end_ms"), column("count"), column("seq")];
  const [series, worst, deviations] = [column("series"), column("worst_ms"), column("deviations")];
  const title = lane.text("lane");
  return lane.list("start_ms").map((_, row) => {
    const [startMs, endMs, off] = [start.number(row), end.at(row), worst.at(row)];
    const isSingle = count.number(row) === 1;
    const measuredMs = isSingle && endMs !== null && off !== null ? endMs - startMs : null;
    return {
      lane: title,
      startMs,
      endMs: endMs ?? Math.max(startMs, edgeMs),
      count: count.number(row),
      seq: seq.number(row),
      name: names.get(series.at(row) ?? 0) ?? title,
      stepType: lane.text("step_type"),
      plannedMs: measuredMs === null || off === null ? null : durationMs(thousandths(measuredMs - off)),
      measuredMs: measuredMs === null ? null : durationMs(thousandths(measuredMs)),
      worstDeviationMs: off === null ? null : durationMs(off),
      deviations: deviations.number(row),
      isOpen: endMs === null,
    };
  });
}

/** Differences of offsets carry the noise of large numbers; the database keeps thousandths of a millisecond. */
const thousandths = (ms: number): number => Math.round(ms * 1000) / 1000;

function loopLevel(level: Fields): LoopLevel {
  const column = (name: string) => columnOf(level, name);
  const [start, end, seq] = [column("start_ms"), column("end_ms"), column("seq")];
  const [from, to] = [column("from_iteration"), column("to_iteration")];
  const passes = level.list("start_ms").map((_, row) => ({
    startMs: start.number(row),
    endMs: end.number(row),
    seq: seq.number(row),
    fromIteration: from.number(row),
    toIteration: to.number(row),
  }));
  return { depth: level.number("depth"), passes };
}

export const runTimelineRow = rowReader("run_timeline", (row): RunTimeline => {
  const toMs = row.number("to_ms");
  const names = new Map(
    row.each("series", (one) => [one.number("series"), one.maybeText("step_name") ?? ""] as const),
  );
  const spans = row.each("lanes", (lane) => laneSpans(lane, names, toMs)).flat();
  return {
    fromMs: row.number("from_ms"),
    toMs,
    durationMs: durationMs(row.number("duration_ms")),
    spans: spans.sort((a, b) => a.startMs - b.startMs),
    loops: row.each("loops", loopLevel),
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

export const massGainRow = rowReader(
  "run_mass_gain",
  (row): MassGain => ({
    doses: row.number("doses"),
    points: row.list("points").map((point) => trendPoint(point, row.pathOf("points"))),
  }),
);

export const runTrendRow = rowReader("run_trend", (row): TrendSeries[] =>
  row.each("series", (series) => ({
    parameterId: series.text("parameter_id"),
    name: series.text("name"),
    unit: series.maybeText("unit"),
    setPoint: series.maybeNumber("set_point"),
    points: series.list("points").map((point) => trendPoint(point, series.pathOf("points"))),
  })),
);
