import type { TelemetrySample } from "#lib/model/run.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import type { LaneWindow } from "./valve-lanes.ts";

export type LinePoint = {
  /** 0..1 of the window; beyond it for the neighbours that keep the line whole at the edges. */
  x: number;
  /** 0..1 from `min` to `max`. */
  y: number;
  value: number;
  at: EpochMs;
};
export type TelemetryLine = { points: readonly LinePoint[]; min: number; max: number; last: number };

/**
 * One parameter as a line over the window, scaled to `domain` or else to what is seen; null when it was not measured.
 * `samples` ascend by time.
 */
export function telemetryLine(
  samples: readonly TelemetrySample[],
  name: string,
  window: LaneWindow,
  domain?: { min: number; max: number },
): TelemetryLine | null {
  const span = elapsed(window.from, window.to);
  const seen = samples.flatMap(({ at, values }) => {
    const value = values[name];
    return value === undefined || !Number.isFinite(value) ? [] : [{ at, value }];
  });
  const inside = seen.findIndex(({ at }) => at >= window.from);
  const first = Math.max(0, (inside === -1 ? seen.length : inside) - 1);
  const beyond = seen.findIndex(({ at }) => at > window.to);
  const kept = seen.slice(first, beyond === -1 ? seen.length : beyond + 1);
  const last = kept.at(-1);
  if (last === undefined || span <= 0) return null;
  const min = domain?.min ?? Math.min(...kept.map(({ value }) => value));
  const max = domain?.max ?? Math.max(...kept.map(({ value }) => value));
  const height = max > min ? max - min : 1;
  const points = kept.map(({ at, value }) => ({
    x: elapsed(window.from, at) / span,
    y: max > min ? (value - min) / height : 0.5,
    value,
    at,
  }));
  return { points, min, max, last: last.value };
}
