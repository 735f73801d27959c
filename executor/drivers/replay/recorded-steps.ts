import type { Pulse } from "#executor/drivers/driver.ts";
import type { Recording } from "#executor/drivers/replay/recording.ts";
import { type EpochMs, later } from "#lib/time.ts";

/** One step execution as it was recorded; a step ends where the next begins, the last one with the process. */
export type RecordedStep = {
  type: "valve" | "purge";
  startedAt: EpochMs;
  measuredMs: number;
  pulse: Pulse | null;
};

/** The pressure answers a pulse about a second late in these logs and is back within this time of the purge's start. */
const TAIL_MS = 5000;
const BASELINE_MS = 5000;

/** All step executions in order. A pulse lasted from its start to the start of its purge, by the log's own timestamps. */
export function recordedSteps(recording: Recording): RecordedStep[] {
  const { rows, endedAt } = recording;
  const summary = pulseReader(recording.samples);
  return rows.flatMap((row, index): RecordedStep[] => {
    const after = rows[index + 1];
    const endsAt = after === undefined ? endedAt : (after.pulseStartedAt ?? after.purgeStartedAt);
    const { pulseStartedAt, purgeStartedAt, massGainNgCm2 } = row;
    const purge: RecordedStep = {
      type: "purge",
      startedAt: purgeStartedAt,
      measuredMs: endsAt - purgeStartedAt,
      pulse: null,
    };
    if (pulseStartedAt === null) return [purge];
    const read = summary(pulseStartedAt, purgeStartedAt);
    const pulse =
      read === null
        ? null
        : { ...read, ...(massGainNgCm2 === null ? {} : { mass_gain_ng_cm2: massGainNgCm2 + 0 }) };
    return [
      { type: "valve", startedAt: pulseStartedAt, measuredMs: purgeStartedAt - pulseStartedAt, pulse },
      purge,
    ];
  });
}

type Reading = { at: EpochMs; torr: number };

/** Peak and area of pulses, asked for in order of time; null where the log has no pressure around the pulse. */
function pulseReader(samples: Recording["samples"]): (from: EpochMs, to: EpochMs) => Pulse | null {
  const readings = samples.flatMap(({ at, values }): Reading[] => {
    const torr = values["chamber_pressure"];
    return torr === undefined ? [] : [{ at, torr }];
  });
  let first = 0;
  return (from, to) => {
    while ((readings[first]?.at ?? Number.POSITIVE_INFINITY) < from - BASELINE_MS) first += 1;
    const before: number[] = [];
    const during: Reading[] = [];
    for (let index = first; ; index += 1) {
      const reading = readings[index];
      if (reading === undefined || reading.at > later(to, TAIL_MS)) break;
      if (reading.at < from) before.push(reading.torr);
      else during.push(reading);
    }
    if (before.length === 0 || during.length < 2) return null;
    const baseline = before.reduce((sum, torr) => sum + torr, 0) / before.length;
    const peak = Math.max(...during.map(({ torr }) => torr)) - baseline;
    return {
      peak_torr: rounded(peak, 4),
      area_torr_s: rounded(areaOver(baseline, during), 5),
      baseline_torr: rounded(baseline, 4),
    };
  };
}

/** Trapezoids, in Torr seconds. */
function areaOver(baseline: number, readings: readonly Reading[]): number {
  let area = 0;
  for (const [index, right] of readings.entries()) {
    const left = readings[index - 1];
    if (left !== undefined)
      area += ((left.torr + right.torr - 2 * baseline) / 2) * ((right.at - left.at) / 1000);
  }
  return area;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
