// The cycles of a run laid upon each other. Offsets in ms count on the controller's clock from the run's first step.

/** A step of the cycle: one column. */
export type CyclePhase = {
  /** Which step of the program, by the number that it has in every answer about the run. */
  series: number;
  stepName: string;
  stepType: string;
  valveNumber: number | null;
  plannedMs: number | null;
  /** Which loop's cycle it belongs to, from 1. */
  group: number;
};

/** One cycle, or neighbouring ones where there are more cycles than rows. */
export type CycleRow = {
  fromCycle: number;
  toCycle: number;
  fromSeq: number;
  toSeq: number;
  startMs: number;
  endMs: number;
};

/** What the steps of one phase did in one row. */
export type CycleCell = {
  /** How many steps; 0 where the phase was not played. */
  count: number;
  /** Their mean. */
  measuredMs: number | null;
  /** The deviation farthest from 0, with its sign, and whose it is. */
  worstMs: number | null;
  worstSeq: number | null;
  deviations: number;
  /** Mean of the pressure peaks. */
  peakTorr: number | null;
};

export type RunCycles = {
  fromCycle: number;
  toCycle: number;
  totalCycles: number | null;
  phases: readonly CyclePhase[];
  rows: readonly CycleRow[];
  /** By phase, then by row. */
  cells: readonly (readonly CycleCell[])[];
};
