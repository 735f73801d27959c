import type { Program } from "#lib/model/program.ts";
import type { DurationMs, EpochMs } from "#lib/time.ts";

export const runStatuses = ["preparing", "running", "paused", "completed", "failed", "aborted"] as const;
export type RunStatus = (typeof runStatuses)[number];

const labels: Record<RunStatus, string> = {
  preparing: "Preparing",
  running: "Running",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  aborted: "Aborted",
};

export const runStatusLabel = (status: RunStatus): string => labels[status];

/** completed, failed and aborted are final; everything else may still move hardware. */
export const isRunEnded = (status: RunStatus): boolean =>
  status === "completed" || status === "failed" || status === "aborted";

/** One `process_executions` row. */
export type Run = {
  id: string;
  machineId: string;
  recipeId: string;
  recipeName: string | null;
  recipeRevision: number | null;
  /** The frozen recipe; null when the answer it came in left it out. */
  program: Program | null;
  status: RunStatus;
  startTime: EpochMs;
  endTime: EpochMs | null;
  operatorId: string;
  driver: string | null;
  /** How many device milliseconds pass per real one (1 on real hardware). */
  speed: number;
  isSimulated: boolean;
  errorMessage: string | null;
  description: string | null;
  totalSteps: number | null;
  totalCycles: number | null;
  plannedMs: DurationMs | null;
  lastSeq: number;
  deviationCount: number;
  endReason: string | null;
  createdAt: EpochMs;
  updatedAt: EpochMs;
};

export type RunProgress = {
  totalSteps: number;
  completedSteps: number;
  totalCycles: number;
  completedCycles: number;
  plannedElapsedMs: DurationMs;
};

/** One sweep of the controller's measurements, by parameter name; `at` is the controller's clock. */
export type TelemetrySample = { at: EpochMs; values: Readonly<Record<string, number>> };

/** One `process_execution_state` row. */
export type RunState = {
  runId: string;
  /** Grows by one with every update; the newer of two rows is the one with the higher revision. */
  revision: number;
  stepIndex: number | null;
  overallStep: number | null;
  totalSteps: number | null;
  stepType: string | null;
  stepName: string | null;
  valveNumber: number | null;
  loopCount: number | null;
  loopIteration: number | null;
  progress: RunProgress | null;
  telemetry: TelemetrySample | null;
  lastUpdated: EpochMs | null;
};

/** A row of the list of runs. */
export type RunSummary = {
  runId: string;
  machineId: string;
  machineName: string;
  serialNumber: string;
  recipeId: string;
  recipeName: string;
  recipeRevision: number | null;
  operatorId: string;
  operatorName: string | null;
  status: RunStatus;
  startTime: EpochMs;
  endTime: EpochMs | null;
  totalSteps: number | null;
  totalCycles: number | null;
  plannedMs: DurationMs | null;
  lastSeq: number;
  deviationCount: number;
  endReason: string | null;
  errorMessage: string | null;
  description: string | null;
  isSimulated: boolean;
  /** What played it: `simulated`, `replay`, or the name a controller gave. */
  driver: string | null;
  /** An engineer said so. */
  isGood: boolean;
  /** The farthest deviation, in ms without sign, in each of up to 24 equal parts; null where nothing was measured. */
  sparkline: readonly (number | null)[];
};
