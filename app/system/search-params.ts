import { parseAsNumberLiteral } from "nuqs/server";

/** Months of telemetry that retention could keep. */
export const retentionMonths = [3, 6, 12, 24, 36] as const;

export const systemParams = { keep: parseAsNumberLiteral(retentionMonths).withDefault(12) };

/** What each of them should be. */
export const SYSTEM_PARAMS_WANTED: Readonly<Record<keyof typeof systemParams, string>> = {
  keep: `a number of months (${retentionMonths.join(", ")})`,
};
