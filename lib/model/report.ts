// What SQL found in the record of a run. Offsets in ms count on the controller's clock from the run's first step.

export const findingKinds = [
  "valve_long",
  "valve_short",
  "purge_long",
  "purge_short",
  "step_long",
  "step_short",
  "stuck_purge",
  "missing_pulse",
  "duration_drift",
  "peak_drift",
  "late_heater",
  "late_set_point",
  "out_of_window",
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Something wrong with a step, or with a stretch of neighbouring cycles; `run_verdict` in SQL names the rules. */
export type RunFinding = {
  kind: FindingKind;
  /** Which step of the program, as of a cycle's phase; null of what is no step's. */
  series: number | null;
  stepName: string | null;
  valveNumber: number | null;
  parameterName: string | null;
  /** Of value, expected and limit: "ms", "Torr", or the parameter's. */
  unit: string | null;
  fromSeq: number;
  toSeq: number | null;
  fromCycle: number | null;
  toCycle: number | null;
  startMs: number | null;
  endMs: number | null;
  /** How many steps are concerned. */
  count: number;
  worstSeq: number;
  worstCycle: number | null;
  value: number | null;
  expected: number | null;
  limit: number | null;
};

export type MissingSteps = { fromSeq: number; toSeq: number };

export type RunReport = {
  isComplete: boolean;
  missing: readonly MissingSteps[];
  missingCount: number;
  /** In the order of their steps, at most 200. */
  findings: readonly RunFinding[];
  findingsTotal: number;
  /** There are more steps out of their norms than were looked into. */
  hasMore: boolean;
};
