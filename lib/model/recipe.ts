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
