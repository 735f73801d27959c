// A reactor between runs, going on from where the last one left it: the carrier gas falls to its standby flow and the
// pressure to the base pressure that goes with it, the heaters hold their set-points. Pure: time passes only through
// advance(). Guarded by resting-reactor.test.ts.

import type { RestSetup } from "#executor/drivers/driver-kind.ts";
import type { Random } from "#executor/drivers/simulated/random.ts";

const STANDBY_FLOW_SCCM = 20;
const BASE_TORR = 0.05;
/** The gauge in the foreline reads this part of the chamber's pressure. */
const FORELINE = 0.1;
const ROOM_C = 22;

const FLOW_LAG_MS = 1500;
const PUMP_DOWN_MS = 4000;
const HEATER_LAG_MS = 180_000;

/** A heater wanders around its set-point by this much (°C), and forgets where it was in this time. */
const DRIFT_C = 0.15;
const DRIFT_TIME_MS = 120_000;

/** One reading on its way to where it rests. */
type Course = { value: number; target: number; lagMs: number; driftC: number | null };

export class RestingReactor {
  readonly #random: Random;
  readonly #courses = new Map<string, Course>();

  /** Parameters this reactor has no reading for are left out of what it reads. */
  constructor(parameters: RestSetup["parameters"], random: Random) {
    this.#random = random;
    for (const { name, reading, setPoint } of parameters) {
      const rest = restOf(name, setPoint);
      if (rest !== null) this.#courses.set(name, { ...rest, value: reading ?? rest.target });
    }
  }

  advance(ms: number): void {
    for (const course of this.#courses.values()) {
      course.value = course.target + (course.value - course.target) * Math.exp(-ms / course.lagMs);
      if (course.driftC === null) continue;
      const kept = Math.exp(-ms / DRIFT_TIME_MS);
      course.driftC = course.driftC * kept + this.#random.normal(0, DRIFT_C * Math.sqrt(1 - kept * kept));
    }
  }

  /** Noisy readings by parameter name. */
  read(): Record<string, number> {
    const values: Record<string, number> = {};
    for (const [name, { value, driftC }] of this.#courses) {
      values[name] =
        driftC === null
          ? rounded(Math.max(0, value * this.#random.normal(1, 0.007)), 4)
          : rounded(value + driftC + this.#random.normal(0, 0.05), 2);
    }
    return values;
  }
}

/** Where a parameter rests, and how slowly it gets there; null for one that a reactor does not have. */
function restOf(name: string, setPoint: number | null): Omit<Course, "value"> | null {
  if (name === "carrier_flow") return { target: STANDBY_FLOW_SCCM, lagMs: FLOW_LAG_MS, driftC: null };
  if (name === "chamber_pressure") return { target: BASE_TORR, lagMs: PUMP_DOWN_MS, driftC: null };
  if (name === "pump_pressure") return { target: BASE_TORR * FORELINE, lagMs: PUMP_DOWN_MS, driftC: null };
  if (/^(chamber|precursor_\d+)_temperature$/.test(name)) {
    return { target: setPoint ?? ROOM_C, lagMs: HEATER_LAG_MS, driftC: 0 };
  }
  return null;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
