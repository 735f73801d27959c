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

/** A kind of driver: its name on the lease and on every run, and how one is made for a run. */
export type DriverKind = {
  name: string;
  isSimulated: boolean;
  /** A driver for this run, or why there can be none. */
  create: (run: RunSetup) => Result<{ driver: Driver }>;
};

/** How many device milliseconds pass per real one in this run. */
export function speedOf(runParameters: Readonly<Record<string, unknown>>): number {
  const speed = runParameters["speed"];
  return typeof speed === "number" && speed > 0 && speed <= 100_000 ? speed : 1;
}
