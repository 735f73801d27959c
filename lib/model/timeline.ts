import type { DurationMs } from "#lib/time.ts";

// Answers of the readers that prepare a whole run for drawing. Offsets in ms count on the controller's clock from the
// run's first device_started_at.

export type TimelineSpan = {
  lane: string;
  startMs: number;
  endMs: number;
  /** How many steps this span stands for; more than 1 when they would share a pixel. */
  count: number;
  seq: number;
  name: string;
  stepType: string;
  plannedMs: DurationMs | null;
  measuredMs: DurationMs | null;
  worstDeviationMs: DurationMs | null;
  /** How many of them are deviations. */
  deviations: number;
  isOpen: boolean;
};
/** A stretch in which a loop went through one iteration, or through several that would share a pixel. */
export type LoopPass = {
  startMs: number;
  endMs: number;
  /** The first step of it. */
  seq: number;
  fromIteration: number;
  toIteration: number;
};
/** One level of nesting; depth 1 is the outermost. Passes in order of time. */
export type LoopLevel = { depth: number; passes: readonly LoopPass[] };

export type RunTimeline = {
  fromMs: number;
  toMs: number;
  durationMs: DurationMs;
  spans: readonly TimelineSpan[];
  loops: readonly LoopLevel[];
};

export type DurationPoint = {
  cycle: number | null;
  seq: number;
  plannedMs: number | null;
  measuredMs: number | null;
  minMs: number | null;
  maxMs: number | null;
  recordedMs: number | null;
  count: number;
};
export type DurationSeries = {
  key: string;
  stepName: string;
  stepType: string;
  valveNumber: number | null;
  plannedMs: number | null;
  points: readonly DurationPoint[];
};

/** One bucket: offset in ms, then the smallest, mean and largest value in it. */
export type TrendPoint = readonly [tMs: number, min: number, avg: number, max: number];
/** What the doses of a run weighed, in ng/cm², within a window; `doses` counts those of the whole run. */
export type MassGain = { doses: number; points: readonly TrendPoint[] };
export type TrendSeries = {
  parameterId: string;
  name: string;
  unit: string | null;
  setPoint: number | null;
  points: readonly TrendPoint[];
};
