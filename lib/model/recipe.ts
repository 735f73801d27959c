import type { Program } from "#lib/model/program.ts";
import type { EpochMs } from "#lib/time.ts";

/** A stored recipe as the list shows it. */
export type RecipeSummary = {
  id: string;
  name: string;
  description: string | null;
  version: number;
  machineType: string;
  substrate: string | null;
  chamberTemperatureC: number;
  pressureTorr: number;
  updatedAt: EpochMs;
};

/** A stored recipe with the program a run of it would freeze now, or the sentence that says why it cannot run. */
export type Recipe = RecipeSummary & { program: Program | null; problem: string | null };
