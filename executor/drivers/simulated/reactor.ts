// A reactor as far as an operator sees it: chamber and pump pressure, carrier flow, temperatures. Calibrated on a
// real run (1.8 Torr base, noise sd 0.012; TMA 0.055 and H2O 0.119 Torr above it; flow sd 1 %; temperature sd
// 0.1 to 0.4 °C). Pure: time passes only through advance(). Guarded by reactor.test.ts.

import type { Pulse } from "#executor/drivers/driver.ts";
import type { Random } from "#executor/drivers/simulated/random.ts";

const RISE_MS = 60;
const DECAY_MS = 450;
const FLOW_SETTLING_MS = 700;
/** Part of the pressure that follows the carrier flow; the throttle valve holds the rest. */
const FLOW_SHARE = 0.3;
const NOISE_OF_BASE = 0.0065;
/** Integration steps while a valve is open, and otherwise. */
const FINE_MS = 5;
const COARSE_MS = 100;
/** Height over the baseline in Torr by valve number, and its spread from pulse to pulse. */
const DOSE_TORR: Readonly<Record<number, number>> = { 1: 0.055, 2: 0.119 };
const OTHER_DOSE_TORR = 0.08;
const DOSE_SPREAD = 0.06;
/** A source loses this part of its height with every pulse. */
const DEPLETION = 2e-5;
const DRIFT_TIME_MS = 120_000;
const DRIFT_C = 0.25;

export type ReactorSetup = {
  pressureTorr: number;
  temperatureC: number;
  flowSccm: number;
  precursorC: readonly number[];
};

type SetPoint = { value: number; target: number; rate: number };
type OpenPulse = { dose: number; baseline: number; peak: number; area: number };

export class Reactor {
  readonly #random: Random;
  readonly #usualFlow: number;
  readonly #setPoints: Map<string, SetPoint>;
  readonly #open = new Map<number, OpenPulse>();
  readonly #pulsesOf = new Map<number, number>();
  #flow: number;
  #overPressure = 0;
  #driftC: number;
  #heatingCPerS = 0;
  #overheatC = 0;

  constructor(setup: ReactorSetup, random: Random) {
    this.#random = random;
    this.#usualFlow = setup.flowSccm;
    this.#flow = setup.flowSccm;
    this.#driftC = random.normal(0, DRIFT_C);
    this.#setPoints = new Map<string, SetPoint>([
      ["chamber_pressure", still(setup.pressureTorr)],
      ["chamber_temperature", still(setup.temperatureC)],
      ["carrier_flow", still(setup.flowSccm)],
    ]);
    for (const [index, value] of setup.precursorC.entries()) {
      this.#setPoints.set(`precursor_${index + 1}_temperature`, still(value));
    }
  }

  advance(ms: number): void {
    const step = this.#open.size > 0 ? FINE_MS : COARSE_MS;
    for (let left = ms; left > 0; left -= step) this.#integrate(Math.min(left, step));
  }

  /** Opens a valve; `height` scales this pulse (0 lets nothing through). */
  open(valve: number, height: number): void {
    const count = this.#pulsesOf.get(valve) ?? 0;
    this.#pulsesOf.set(valve, count + 1);
    const spread = Math.max(0, this.#random.normal(1, DOSE_SPREAD));
    const dose = (DOSE_TORR[valve] ?? OTHER_DOSE_TORR) * height * spread * (1 - DEPLETION) ** count;
    const baseline = this.#baseline() + this.#overPressure;
    this.#open.set(valve, { dose, baseline, peak: baseline, area: 0 });
  }

  /** Closes a valve; answers with what its pulse did. The tail of the area is what the decay still to come adds. */
  close(valve: number): Pulse {
    const pulse = this.#open.get(valve);
    if (pulse === undefined) throw new Error(`valve ${valve} is closed although it was not opened`);
    this.#open.delete(valve);
    return {
      peak_torr: rounded(pulse.peak - pulse.baseline, 4),
      area_torr_s: rounded(pulse.area + (Math.min(pulse.dose, this.#overPressure) * DECAY_MS) / 1000, 6),
      baseline_torr: rounded(pulse.baseline, 4),
    };
  }

  closeAll(): void {
    this.#open.clear();
  }

  setFlow(sccm: number): void {
    this.#setPoints.set("carrier_flow", still(sccm));
  }

  /** Moves a set-point at `rate` units per second; a name this reactor does not know has no effect on it. */
  ramp(parameter: string, target: number, rate: number): void {
    const point = this.#setPoints.get(parameter);
    if (point !== undefined) Object.assign(point, { target, rate });
  }

  /** Lets the chamber heat up at this rate, whatever its set-point says. */
  runAway(cPerS: number): void {
    this.#heatingCPerS = cPerS;
  }

  /** True temperature and set-point of the chamber. */
  chamber(): { temperatureC: number; setPointC: number } {
    const setPointC = this.#set("chamber_temperature");
    return { temperatureC: setPointC + this.#driftC + this.#overheatC, setPointC };
  }

  /** Noisy readings by parameter name: the pressure alone, for the fast samples. */
  readPressure(): Record<string, number> {
    const noisy = this.#baseline() * this.#random.normal(1, NOISE_OF_BASE);
    return { chamber_pressure: rounded(Math.max(0, noisy + this.#overPressure), 4) };
  }

  readAll(): Record<string, number> {
    const { normal } = this.#random;
    const values = this.readPressure();
    values["chamber_temperature"] = rounded(this.chamber().temperatureC + normal(0, 0.05), 2);
    values["carrier_flow"] = rounded(Math.max(0, this.#flow * normal(1, 0.01)), 2);
    const foreline = 0.1 * (this.#baseline() + this.#overPressure);
    values["pump_pressure"] = rounded(Math.max(0, foreline * normal(1, 0.01)), 4);
    for (const [name, point] of this.#setPoints) {
      if (name.startsWith("precursor_"))
        values[name] = rounded(point.value + this.#driftC / 2 + normal(0, 0.05), 2);
    }
    return values;
  }

  #set(name: string): number {
    return this.#setPoints.get(name)?.value ?? 0;
  }

  #baseline(): number {
    const flowRatio = this.#flow / Math.max(this.#usualFlow, 1);
    return this.#set("chamber_pressure") * (1 - FLOW_SHARE + FLOW_SHARE * flowRatio);
  }

  #integrate(ms: number): void {
    for (const point of this.#setPoints.values()) point.value = towards(point, ms);
    this.#flow += (this.#set("carrier_flow") - this.#flow) * settled(ms, FLOW_SETTLING_MS);
    let dose = 0;
    for (const pulse of this.#open.values()) dose += pulse.dose;
    const lag = dose > this.#overPressure ? RISE_MS : DECAY_MS;
    this.#overPressure += (dose - this.#overPressure) * settled(ms, lag);
    const pressure = this.#baseline() + this.#overPressure;
    for (const pulse of this.#open.values()) {
      pulse.peak = Math.max(pulse.peak, pressure);
      pulse.area += (Math.max(0, pressure - pulse.baseline) * ms) / 1000;
    }
    const kept = 1 - settled(ms, DRIFT_TIME_MS);
    this.#driftC = this.#driftC * kept + this.#random.normal(0, DRIFT_C * Math.sqrt(1 - kept * kept));
    this.#overheatC += (this.#heatingCPerS * ms) / 1000;
  }
}

const still = (value: number): SetPoint => ({ value, target: value, rate: 1 });

/** How much of the way a first-order process goes in `ms`. */
const settled = (ms: number, timeConstantMs: number): number => 1 - Math.exp(-ms / timeConstantMs);

function towards({ value, target, rate }: SetPoint, ms: number): number {
  const reach = (rate * ms) / 1000;
  return Math.abs(target - value) <= reach ? target : value + Math.sign(target - value) * reach;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
