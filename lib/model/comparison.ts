import type { RunStatus } from "#lib/model/run.ts";
import type { EpochMs } from "#lib/time.ts";

/** How steps of different runs are laid upon each other: by cycle, by their n-th execution, by time from the first step. */
export const aligns = ["cycle", "step", "start"] as const;
export type Align = (typeof aligns)[number];

export const comparedMeasures = ["measured_ms", "peak_torr"] as const;
export type ComparedMeasure = (typeof comparedMeasures)[number];

export type ComparedRun = {
  /** Its number in the comparison, from 1. */
  index: number;
  runId: string;
  machineName: string;
  recipeName: string | null;
  recipeRevision: number | null;
  startTime: EpochMs;
  status: RunStatus;
  lastSeq: number;
  totalCycles: number | null;
  deviationCount: number;
  /** Measured, from the first step to the end of the last, in ms. */
  durationMs: number | null;
  isGood: boolean;
};

/** Columns as long as the series' x; null where there is nothing. */
export type ComparedColumn = readonly (number | null)[];

/** One step of the program, over all runs that have it. */
export type ComparedSeries = {
  key: string;
  stepName: string | null;
  lane: string;
  valveNumber: number | null;
  /** Cycle, execution, or ms from the first step, by the alignment; the beginning of a bucket. */
  x: readonly number[];
  runs: readonly { index: number; mean: ComparedColumn }[];
  /** What the good runs did. */
  envelope: { min: ComparedColumn; median: ComparedColumn; max: ComparedColumn } | null;
};

/** A stretch in which a run left the good runs, or without them the others. */
export type StepDifference = {
  key: string;
  stepName: string | null;
  lane: string;
  index: number;
  /** Where, as x of the series: first and last cycle or execution, or from and to in ms. */
  xFrom: number;
  xTo: number;
  value: number;
  expected: number;
  difference: number;
  /** The step where it was worst; the first of a bucket. */
  seq: number;
  cycle: number | null;
};

export type Comparison = {
  align: Align;
  measure: ComparedMeasure;
  /** "ms" or "Torr". */
  unit: string;
  runs: readonly ComparedRun[];
  notFound: readonly string[];
  /** What the envelope is made of. */
  goodRunIds: readonly string[];
  series: readonly ComparedSeries[];
  /** The farthest first, at most 100. */
  differences: readonly StepDifference[];
};
