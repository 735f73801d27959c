// A simulated machine with a clock of its own, as a machine with a PLC has: a step's measured time is what that clock
// says from edge to edge, the set-point plus the valve's lag (default 1.5 ms, never above 2.7) plus whatever fault is
// asked for. Guarded by play.test.ts and timing.stack.test.ts.

import type { DriverClock } from "#executor/drivers/clock.ts";
import type { Driver, DriverListener, StartedStep, StepResult } from "#executor/drivers/driver.ts";
import { type Random, seededRandom } from "#executor/drivers/simulated/random.ts";
import { Reactor } from "#executor/drivers/simulated/reactor.ts";
import { Sampler } from "#executor/drivers/simulated/sampler.ts";
import { type Fault, isStruck, type SimulationSettings } from "#executor/drivers/simulated/settings.ts";
import type { Action } from "#executor/engine/position.ts";
import type { ParameterStep, Program, ProgramStep, ValveStep } from "#lib/model/program.ts";
import { type EpochMs, later } from "#lib/time.ts";

const SAFE_PURGE_MS = 500;
const STUCK_AFTER_MS = 500;
const USUAL_FLOW_SCCM = 100;
const USUAL_PRECURSOR_C = [70, 25];
const NEVER = new AbortController().signal;

type Setup = {
  program: Program;
  settings: SimulationSettings;
  seed: number;
  clock: DriverClock;
  listener: DriverListener;
  /** Device milliseconds per real one; above 10 the samples thin out so that no more are sent per real second. */
  speed: number;
};

export function simulatedDriver(setup: Setup): Driver {
  const machine = new SimulatedMachine(setup);
  return {
    begin: (action, stop) => machine.begin(action, stop),
    safeEnd: () => machine.safeEnd(),
    dispose: () => machine.dispose(),
    worstLatenessMs: () => setup.clock.worstLatenessMs(),
  };
}

class SimulatedMachine {
  readonly #clock: DriverClock;
  readonly #settings: SimulationSettings;
  readonly #listener: DriverListener;
  readonly #random: Random;
  readonly #reactor: Reactor;
  readonly #sampler: Sampler;
  #advancedTo: EpochMs;
  #linkBackAt: EpochMs | null = null;
  #wasLinkLost = false;
  #limitAboveC = Number.POSITIVE_INFINITY;
  #lastValve = 0;

  constructor({ program, settings, seed, clock, listener, speed }: Setup) {
    this.#clock = clock;
    this.#settings = settings;
    this.#listener = listener;
    this.#random = seededRandom(seed);
    this.#reactor = new Reactor(reactorSetup(program), this.#random);
    this.#advancedTo = clock.now();
    this.#sampler = new Sampler(this.#advancedTo, Math.max(1, speed / 10));
  }

  begin(action: Action, stop: AbortSignal): StartedStep {
    const startedAt = this.#clock.now();
    this.#applyCycleFaults(action);
    return { startedAt, finished: this.#perform(action, startedAt, stop) };
  }

  safeEnd() {
    this.#reactor.closeAll();
    this.#reactor.runAway(0);
    this.#limitAboveC = Number.POSITIVE_INFINITY;
    const startedAt = this.#clock.now();
    const finished = this.#until(later(startedAt, SAFE_PURGE_MS), NEVER).then(({ woke }) => ({
      measuredMs: measured(startedAt, woke),
    }));
    return { startedAt, plannedMs: SAFE_PURGE_MS, gas: "N2", finished };
  }

  dispose(): void {
    if (this.#linkBackAt !== null) this.#listener.onLink(true);
    this.#linkBackAt = null;
  }

  async #perform(action: Action, startedAt: EpochMs, stop: AbortSignal): Promise<StepResult> {
    const { step } = action;
    if (step.type === "valve") return this.#pulse(action, step, startedAt, stop);
    if (step.type === "purge") this.#reactor.setFlow(step.flow_rate);
    if (step.type === "parameter")
      this.#reactor.ramp(step.parameter_name, step.target_value, this.#rateOf(step));
    const extra = step.type === "purge" ? this.#stuckMs(action.cycle ?? 0) : 0;
    const { woke, fault } = await this.#until(later(startedAt, action.plannedMs + extra), stop);
    return { ...(fault ?? ended(stop)), measuredMs: measured(startedAt, woke), pulse: null };
  }

  async #pulse(action: Action, step: ValveStep, startedAt: EpochMs, stop: AbortSignal): Promise<StepResult> {
    const struck = this.#faultsOf(step.valve_number, action.cycle ?? 0);
    const isStuck = struck.some(({ kind }) => kind === "stuck_valve");
    this.#lastValve = step.valve_number;
    const late = slowness(struck) + driftedMs(struck, action.cycle ?? 0, action.plannedMs);
    const lag = isStuck ? STUCK_AFTER_MS : this.#lagMs() + late;
    this.#reactor.open(step.valve_number, heightOf(struck, action.cycle ?? 0));
    this.#sampler.pulseStarts(startedAt);
    const { woke, fault } = await this.#until(later(startedAt, action.plannedMs + lag), stop);
    const pulse = this.#reactor.close(step.valve_number);
    this.#sampler.pulseEnds(woke);
    const stuck = isStuck && !stop.aborted ? stuckFault(step.valve_number) : null;
    return { ...(fault ?? stuck ?? ended(stop)), measuredMs: measured(startedAt, woke), pulse };
  }

  /** Lets time pass until `at`, a stop or a fault, sampling on the way. */
  async #until(at: EpochMs, stop: AbortSignal): Promise<{ woke: EpochMs; fault: MachineFault | null }> {
    for (;;) {
      const next = Math.min(at, this.#sampler.nextAt(), this.#linkBackAt ?? at) as EpochMs;
      const woke = await this.#clock.sleepUntil(next, stop);
      this.#reactor.advance(woke - this.#advancedTo);
      this.#advancedTo = woke;
      const values = this.#sampler.take(woke, this.#reactor);
      if (values !== null) this.#listener.onSample({ at: woke, values });
      if (this.#linkBackAt !== null && woke >= this.#linkBackAt) this.dispose();
      const fault = this.#overTemperature();
      if (woke >= at || stop.aborted || fault !== null) return { woke, fault };
    }
  }

  #faultsOf(valve: number, cycle: number): Fault[] {
    return this.#settings.faults.filter((fault) => "every" in fault && isStruck(fault, valve, cycle));
  }

  /** By how much the purge after the last pulse is longer than told. */
  #stuckMs(cycle: number): number {
    const struck = this.#faultsOf(this.#lastValve, cycle);
    return struck.reduce((sum, fault) => sum + (fault.kind === "stuck_purge" ? fault.extra_ms : 0), 0);
  }

  #rateOf({ parameter_name, adjustment_rate }: ParameterStep): number {
    const late = this.#settings.faults.find(({ kind }) => kind === "late_heater");
    const isHeater = parameter_name === "chamber_temperature";
    return isHeater && late?.kind === "late_heater" ? adjustment_rate * late.rate_share : adjustment_rate;
  }

  #lagMs(): number {
    const { valve_lag_ms: mean, valve_lag_deviation_ms: deviation } = this.#settings;
    const lag = this.#random.normal(mean, deviation);
    return Math.max(0, Math.min(mean + 3 * deviation, Math.max(mean - 3 * deviation, lag)));
  }

  #applyCycleFaults({ cycle }: Action): void {
    for (const fault of this.#settings.faults) {
      if (fault.kind === "over_temperature" && (cycle ?? 0) >= fault.from_cycle) {
        this.#reactor.runAway(fault.c_per_s);
        this.#limitAboveC = fault.limit_above_c;
      }
      if (fault.kind === "link_loss" && cycle === fault.at_cycle && !this.#wasLinkLost) {
        this.#wasLinkLost = true;
        this.#linkBackAt = later(this.#clock.now(), fault.duration_ms);
        this.#listener.onLink(false);
      }
    }
  }

  #overTemperature(): MachineFault | null {
    const { temperatureC, setPointC } = this.#reactor.chamber();
    if (temperatureC <= setPointC + this.#limitAboveC) return null;
    const limit = setPointC + this.#limitAboveC;
    const message = `The chamber reached ${temperatureC.toFixed(1)} °C, over its limit of ${limit.toFixed(1)} °C; the heaters are off.`;
    return { kind: "fault", code: "over_temperature", message };
  }
}

type MachineFault = { kind: "fault"; code: string; message: string };

const ended = (stop: AbortSignal): { kind: "done" | "cut" } => ({ kind: stop.aborted ? "cut" : "done" });

/** The database takes microseconds and no duration of zero. */
const measured = (from: EpochMs, to: EpochMs): number => Math.max(0.001, Number((to - from).toFixed(3)));

const stuckFault = (valve: number): MachineFault => ({
  kind: "fault",
  code: "valve_stuck",
  message: `Valve ${valve} did not close within ${STUCK_AFTER_MS} ms of being told to.`,
});

function slowness(struck: readonly Fault[]): number {
  return struck.reduce((sum, fault) => sum + (fault.kind === "slow_valve" ? fault.extra_ms : 0), 0);
}

function driftedMs(struck: readonly Fault[], cycle: number, plannedMs: number): number {
  return struck.reduce(
    (sum, fault) =>
      sum +
      (fault.kind === "duration_drift" ? fault.per_cycle * (cycle - fault.from_cycle + 1) * plannedMs : 0),
    0,
  );
}

function heightOf(struck: readonly Fault[], cycle: number): number {
  if (struck.some(({ kind }) => kind === "missed_pulse")) return 0;
  const grown = struck.map((fault) =>
    fault.kind === "drift" ? 1 + fault.per_cycle * (cycle - fault.from_cycle) : 1,
  );
  return Math.max(
    0,
    grown.reduce((height, factor) => height * factor, 1),
  );
}

function reactorSetup({ recipe, steps, parameters }: Program) {
  const named = (name: string) => parameters.find((parameter) => parameter.name === name)?.value;
  return {
    pressureTorr: Math.max(0.001, recipe.pressure_set_point),
    temperatureC: recipe.chamber_temperature_set_point,
    flowSccm: named("carrier_flow") ?? firstFlow(steps) ?? USUAL_FLOW_SCCM,
    precursorC: USUAL_PRECURSOR_C.map((usual, index) => named(`precursor_${index + 1}_temperature`) ?? usual),
  };
}

function firstFlow(steps: readonly ProgramStep[]): number | null {
  const pending = [...steps].reverse();
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    if (step.type === "purge") return step.flow_rate;
    if (step.type === "loop") for (const child of step.children.toReversed()) pending.push(child);
  }
  return null;
}
