import type { Action } from "#executor/engine/position.ts";
import type { EpochMs } from "#lib/time.ts";

/**
 * What a pulse did to the chamber: how far the pressure rose above its value before the valve opened (the baseline),
 * and the area of that rise with its tail. Keys as `step_execution_history.pulse` has them.
 */
export type Pulse = {
  peak_torr: number;
  area_torr_s: number;
  baseline_torr: number;
  mass_gain_ng_cm2?: number;
};

/** Readings at one moment of the machine's clock, by parameter name. */
export type Sample = { at: EpochMs; values: Record<string, number> };

/** How a step ended: it ran to its end, a person's stop cut it, or the machine could not do it. */
export type StepResult = { measuredMs: number; pulse: Pulse | null } & (
  | { kind: "done" | "cut" }
  | { kind: "fault"; code: string; message: string }
);

/** A step under way. `measuredMs` of the result is edge to edge on the driver's clock, starting at `startedAt`. */
export type StartedStep = { startedAt: EpochMs; finished: Promise<StepResult> };

/** What a driver tells while it works. Both are called on the driver's time and must return at once. */
export type DriverListener = {
  onSample: (sample: Sample) => void;
  /** The simulated link between controller and database went down or came back. */
  onLink: (isUp: boolean) => void;
};

/**
 * One machine, playing one run. Promises settle on the driver's own clock and never wait for the listener, so a
 * report that takes long cannot stretch a step.
 */
export type Driver = {
  begin: (action: Action, stop: AbortSignal) => StartedStep;
  /** Closes every precursor valve and purges shortly; afterwards the machine is idle. Callable after any result. */
  safeEnd: () => {
    startedAt: EpochMs;
    plannedMs: number;
    gas: string;
    finished: Promise<{ measuredMs: number }>;
  };
  /** The run is over; nothing more will be asked. */
  dispose: () => void;
  /** By how many real milliseconds this host was late, at worst, in following the machine's clock. */
  worstLatenessMs: () => number;
};
