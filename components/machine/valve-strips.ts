import type { StepExecution } from "#lib/model/step.ts";
import { type PulseStrip, pulseStrip } from "#lib/view/pulse-strip.ts";

export type ValveStrip = { valveNumber: number; strip: PulseStrip };

const PULSES = 50;

/** The last pulses of each valve, each valve on its own scale: a 100 ms dose beside one of 2 s would be a flat line. */
export function valveStrips(steps: readonly StepExecution[]): readonly ValveStrip[] {
  const byValve = Map.groupBy(
    steps.filter((step) => step.valveNumber !== null),
    (step) => step.valveNumber ?? 0,
  );
  return [...byValve]
    .map(([valveNumber, own]) => ({ valveNumber, strip: pulseStrip(own, PULSES) }))
    .toSorted((a, b) => a.valveNumber - b.valveNumber);
}
