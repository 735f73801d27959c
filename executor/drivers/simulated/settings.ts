import { z } from "zod";
import { type Refusal, refusal } from "#lib/result.ts";

const cycles = {
  /** First and last cycle the fault is seen in, and how often in between; by default every cycle from the first. */
  from_cycle: z.int().min(1).default(1),
  to_cycle: z.int().min(1).optional(),
  every: z.int().min(1).default(1),
};
const valve = z.int().min(1).optional();

const faultSchema = z.discriminatedUnion("kind", [
  /** The valve closes late. */
  z.strictObject({
    kind: z.literal("slow_valve"),
    valve,
    extra_ms: z.number().min(0).max(60_000),
    ...cycles,
  }),
  /** The valve does not close; the controller gives up and fails the run. */
  z.strictObject({ kind: z.literal("stuck_valve"), valve, ...cycles }),
  /** The coil switches, but no precursor arrives: the pulse is on time and has no peak. */
  z.strictObject({ kind: z.literal("missed_pulse"), valve, ...cycles }),
  /** Pulses grow by `per_cycle` of their height with each cycle; a negative number lets them fade. */
  z.strictObject({ kind: z.literal("drift"), valve, per_cycle: z.number().min(-1).max(1), ...cycles }),
  /** Pulses last longer by `per_cycle` of their planned time with each cycle. */
  z.strictObject({
    kind: z.literal("duration_drift"),
    valve,
    per_cycle: z.number().min(-0.1).max(0.1),
    ...cycles,
  }),
  /** The purge after a pulse does not end when it is told to. */
  z.strictObject({
    kind: z.literal("stuck_purge"),
    valve,
    extra_ms: z.number().min(0).max(600_000),
    ...cycles,
  }),
  /** The chamber heater moves to its set-points at this share of the rate that it is asked for. */
  z.strictObject({ kind: z.literal("late_heater"), rate_share: z.number().gt(0).max(1) }),
  /** The chamber heater runs away until the interlock trips; the run fails. */
  z.strictObject({
    kind: z.literal("over_temperature"),
    from_cycle: cycles.from_cycle,
    c_per_s: z.number().positive().max(100).default(2),
    limit_above_c: z.number().positive().default(15),
  }),
  /** The link to the database is down for a while; the machine plays on. */
  z.strictObject({
    kind: z.literal("link_loss"),
    at_cycle: z.int().min(1).default(1),
    duration_ms: z.int().min(1),
  }),
]);

const settingsSchema = z.object({
  seed: z.int().optional(),
  /** How much longer than told a valve stays open. 6.4's real valves add 9.5; the default stays within 3 ms. */
  valve_lag_ms: z.number().min(0).max(1000).default(1.5),
  valve_lag_deviation_ms: z.number().min(0).max(1000).default(0.4),
  faults: z.array(faultSchema).default([]),
});

export type Fault = z.infer<typeof faultSchema>;
export type SimulationSettings = z.infer<typeof settingsSchema>;

/** Settings from `machines.virtual_config`, overridden by the run's parameters; or a refusal naming the place. */
export function simulationSettings(
  virtualConfig: unknown,
  runParameters: unknown,
): { ok: true; settings: SimulationSettings } | Refusal {
  const parsed = settingsSchema.safeParse({ ...asObject(virtualConfig), ...asObject(runParameters) });
  if (parsed.success) return { ok: true, settings: parsed.data };
  const issue = parsed.error.issues[0];
  const message = `the simulation settings cannot be used: ${issue?.path.join(".")}: ${issue?.message}`;
  return refusal(
    422,
    "simulation_settings_invalid",
    message,
    "Correct virtual_config or the run's parameters.",
  );
}

const asObject = (json: unknown): object => (typeof json === "object" && json !== null ? json : {});

/** True when a fault bound to valves and cycles is seen by this pulse. */
export function isStruck(
  fault: { valve?: number | undefined; from_cycle: number; to_cycle?: number | undefined; every: number },
  valveNumber: number,
  cycle: number,
): boolean {
  if (fault.valve !== undefined && fault.valve !== valveNumber) return false;
  if (cycle < fault.from_cycle || cycle > (fault.to_cycle ?? Number.POSITIVE_INFINITY)) return false;
  return (cycle - fault.from_cycle) % fault.every === 0;
}
