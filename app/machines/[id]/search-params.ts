import { parseAsNumberLiteral } from "nuqs/server";
import { CYCLE_CHOICES } from "#components/machine/live-window.ts";

/** The state of the machine page that a link reproduces. */
export const machineParams = {
  /** How many cycles of the valves are in sight. */
  cycles: parseAsNumberLiteral(CYCLE_CHOICES).withDefault(CYCLE_CHOICES[0]),
};

/** What each of them should be. */
export const MACHINE_PARAMS_WANTED: Readonly<Record<keyof typeof machineParams, string>> = {
  cycles: `a number of cycles to show (${CYCLE_CHOICES.join(", ")})`,
};
