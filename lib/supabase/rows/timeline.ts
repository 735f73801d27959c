import { z } from "zod";
import type { DurationSeries, RunTimeline, TrendSeries } from "#lib/model/timeline.ts";
import { durationMs } from "#lib/time.ts";
import { maybeDuration, maybeNumber, maybeText, number, parseRow, text } from "./row.ts";

const timeline = z
  .object({
    from_ms: maybeNumber,
    to_ms: maybeNumber,
    duration_ms: maybeNumber,
    spans: z.array(
      z.object({
        lane: text,
        start_ms: number,
        end_ms: maybeNumber,
        count: number,
        seq: number,
        name: maybeText,
        step_type: text,
        planned_ms: maybeDuration,
        measured_ms: maybeDuration,
        worst_deviation_ms: maybeDuration,
        deviations: maybeNumber,
        is_open: z.boolean(),
      }),
    ),
  })
  .transform(
    (row): RunTimeline => ({
      fromMs: row.from_ms ?? 0,
      toMs: row.to_ms ?? 0,
      durationMs: durationMs(row.duration_ms ?? 0),
      spans: row.spans.map((span) => ({
        lane: span.lane,
        startMs: span.start_ms,
        // An open step has no end yet: it reaches as far as the answer does.
        endMs: span.end_ms ?? Math.max(span.start_ms, row.to_ms ?? span.start_ms),
        count: span.count,
        seq: span.seq,
        name: span.name ?? span.lane,
        stepType: span.step_type,
        plannedMs: span.planned_ms,
        measuredMs: span.measured_ms,
        worstDeviationMs: span.worst_deviation_ms,
        deviations: span.deviations ?? 0,
        isOpen: span.is_open,
      })),
    }),
  );

const durations = z
  .object({
    series: z.array(
      z.object({
        key: text,
        step_name: maybeText,
        step_type: text,
        valve_number: maybeNumber,
        planned_ms: maybeNumber,
        points: z.array(
          z.object({
            cycle: maybeNumber,
            seq: number,
            planned_ms: maybeNumber,
            measured_ms: maybeNumber,
            min_ms: maybeNumber,
            max_ms: maybeNumber,
            recorded_ms: maybeNumber,
            count: number,
          }),
        ),
      }),
    ),
  })
  .transform((row): DurationSeries[] =>
    row.series.map((series) => ({
      key: series.key,
      stepName: series.step_name ?? series.step_type,
      stepType: series.step_type,
      valveNumber: series.valve_number,
      plannedMs: series.planned_ms,
      points: series.points.map((point) => ({
        cycle: point.cycle,
        seq: point.seq,
        plannedMs: point.planned_ms,
        measuredMs: point.measured_ms,
        minMs: point.min_ms,
        maxMs: point.max_ms,
        recordedMs: point.recorded_ms,
        count: point.count,
      })),
    })),
  );

const trend = z
  .object({
    series: z.array(
      z.object({
        parameter_id: text,
        name: text,
        unit: maybeText,
        set_point: maybeNumber,
        points: z.array(z.tuple([number, number, number, number])),
      }),
    ),
  })
  .transform((row): TrendSeries[] =>
    row.series.map((series) => ({
      parameterId: series.parameter_id,
      name: series.name,
      unit: series.unit,
      setPoint: series.set_point,
      points: series.points,
    })),
  );

export const runTimelineRow = (value: unknown): RunTimeline => parseRow("run_timeline", timeline, value);
export const runDurationsRow = (value: unknown): DurationSeries[] =>
  parseRow("run_durations", durations, value);
export const runTrendRow = (value: unknown): TrendSeries[] => parseRow("run_trend", trend, value);
