import { isPulse, isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { type DurationMs, durationMs } from "#lib/time.ts";
import { seriesKey } from "./duration-series.ts";

export type StripPulse = {
  seq: number;
  cycle: number | null;
  valveNumber: number | null;
  name: string;
  plannedMs: DurationMs | null;
  measuredMs: DurationMs | null;
  /** Mean of what this step measured before, in the steps at hand; null for the first. */
  meanMs: DurationMs | null;
  /** 0..1 of `scaleMs`. */
  plannedFraction: number | null;
  measuredFraction: number | null;
  peakTorr: number | null;
  /** 0..1 of `scaleTorr`. */
  peakFraction: number | null;
  isDeviation: boolean;
  isOpen: boolean;
};
export type PulseStrip = { pulses: readonly StripPulse[]; scaleMs: number; scaleTorr: number };

/** The last `count` pulses, each against its plan and against the mean of its own kind so far. */
export function pulseStrip(steps: readonly StepExecution[], count = 50): PulseStrip {
  const means = new Map<string, { sum: number; n: number }>();
  const pulses = steps.filter(isPulse).map((step) => {
    const key = seriesKey(step);
    const soFar = means.get(key);
    const meanMs = soFar ? durationMs(soFar.sum / soFar.n) : null;
    if (step.measuredMs !== null) {
      means.set(key, { sum: (soFar?.sum ?? 0) + step.measuredMs, n: (soFar?.n ?? 0) + 1 });
    }
    return { step, meanMs };
  });
  const shown = pulses.slice(-count);
  const scaleMs = Math.max(1, ...shown.flatMap(({ step }) => [step.plannedMs ?? 0, step.measuredMs ?? 0]));
  const scaleTorr = Math.max(0, ...shown.map(({ step }) => step.pulse?.peakTorr ?? 0));
  return {
    pulses: shown.map(({ step, meanMs }) => drawn(step, meanMs, scaleMs, scaleTorr)),
    scaleMs,
    scaleTorr,
  };
}

function drawn(
  step: StepExecution,
  meanMs: DurationMs | null,
  scaleMs: number,
  scaleTorr: number,
): StripPulse {
  const peakTorr = step.pulse?.peakTorr ?? null;
  return {
    seq: step.seq,
    cycle: step.cycle,
    valveNumber: step.valveNumber,
    name: step.stepName,
    plannedMs: step.plannedMs,
    measuredMs: step.measuredMs,
    meanMs,
    plannedFraction: step.plannedMs === null ? null : step.plannedMs / scaleMs,
    measuredFraction: step.measuredMs === null ? null : step.measuredMs / scaleMs,
    peakTorr,
    peakFraction: peakTorr === null || scaleTorr === 0 ? null : peakTorr / scaleTorr,
    isDeviation: step.isDeviation,
    isOpen: isStepOpen(step),
  };
}
