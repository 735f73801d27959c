import type { Driver, DriverListener } from "#executor/drivers/driver.ts";
import type { Program } from "#lib/model/program.ts";
import type { Result } from "#lib/result.ts";

/** What a driver is made for. */
export type RunSetup = {
  runId: string;
  program: Program;
  /** `process_executions.parameters` and `machines.virtual_config`, as stored. */
  runParameters: Readonly<Record<string, unknown>>;
  virtualConfig: Readonly<Record<string, unknown>>;
  listener: DriverListener;
};

/** A machine as it was left: what each parameter last read (null: never) and its set-point, by name. */
export type RestSetup = {
  machineId: string;
  parameters: readonly { name: string; reading: number | null; setPoint: number | null }[];
};

/** A machine between runs. */
export type RestingMachine = {
  /** What it reads now, by parameter name. */
  read: () => Record<string, number>;
};

/** A kind of driver: its name on the lease and on every run, and how one is made for a run. */
export type DriverKind = {
  name: string;
  isSimulated: boolean;
  /** A driver for this run, or why there can be none. */
  create: (run: RunSetup) => Result<{ driver: Driver }>;
  /** The machine from now until its next run; null for a kind that knows nothing of the time between runs. */
  atRest: ((setup: RestSetup) => RestingMachine) | null;
};

/** How many device milliseconds pass per real one in this run. */
export function speedOf(runParameters: Readonly<Record<string, unknown>>): number {
  const speed = runParameters["speed"];
  return typeof speed === "number" && speed > 0 && speed <= 100_000 ? speed : 1;
}
