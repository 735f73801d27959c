import { describe, expect, test } from "vitest";
import { type ManualClock, manualClock } from "#executor/drivers/clock.ts";
import type { Sample } from "#executor/drivers/driver.ts";
import { simulatedDriver } from "#executor/drivers/simulated/driver.ts";
import { simulationSettings } from "#executor/drivers/simulated/settings.ts";
import { planOf } from "#executor/engine/plan.ts";
import { play } from "#executor/play.ts";
import type { StepReport } from "#executor/step-report.ts";
import { type LeafStep, type Program, type ProgramStep, totals } from "#lib/model/program.ts";
import { epochMs } from "#lib/time.ts";

const start = epochMs(Date.UTC(2026, 0, 1));
const pulse = (valve: number): LeafStep => ({
  id: `v${valve}`,
  name: `Pulse ${valve}`,
  type: "valve",
  valve_number: valve,
  duration_ms: 100,
});
const purge = (ms: number): LeafStep => ({
  id: "p",
  name: "Purge",
  type: "purge",
  duration_ms: ms,
  gas_type: "N2",
  flow_rate: 100,
});
const cycles = (count: number): ProgramStep => ({
  id: "l",
  name: "Loop",
  type: "loop",
  iteration_count: count,
  children: [pulse(1), purge(3000), pulse(2), purge(4000)],
});
const programOf = (steps: ProgramStep[]): Program => ({
  format: 1,
  recipe: {
    id: "r",
    name: "Al2O3",
    version: 1,
    machine_type: "thermal-ald",
    substrate: null,
    chamber_temperature_set_point: 200,
    pressure_set_point: 1,
  },
  steps,
  parameters: [],
  totals: totals(steps),
});

/** A run under way on a clock that the test moves. */
function started(steps: ProgramStep[], settings: object = {}) {
  const clock: ManualClock = manualClock(start);
  const calls: StepReport[][] = [];
  const samples: Sample[] = [];
  const links: boolean[] = [];
  const now = new AbortController();
  const endOfCycle = new AbortController();
  const parsed = simulationSettings(settings, {});
  if (!parsed.ok) throw new Error(parsed.message);
  const program = programOf(steps);
  const listener = {
    onSample: (sample: Sample) => samples.push(sample),
    onLink: (isUp: boolean) => links.push(isUp),
  };
  const driver = simulatedDriver({ program, settings: parsed.settings, seed: 7, clock, listener, speed: 1 });
  const stop = { now: now.signal, endOfCycle: endOfCycle.signal };
  const result = play({ plan: planOf(program), driver, stop, journal: (reports) => calls.push(reports) });
  const measuredOf = (seq: number) =>
    calls.flat().find((report) => report.seq === seq && report.measured_ms !== undefined);
  return { clock, calls, samples, links, now, endOfCycle, result, measuredOf };
}

describe("a run to its end", () => {
  test("tells each step when it starts, and its measured time with the start of the next", async () => {
    const run = started([purge(500), cycles(2)]);
    await run.clock.advance(20_000);
    expect(await run.result).toMatchObject({ outcome: "completed", failure: null, lastSteps: [{ seq: 9 }] });
    expect(run.calls.map((reports) => reports.map(({ seq }) => seq))).toEqual([
      [1],
      ...[2, 3, 4, 5, 6, 7, 8, 9].map((seq) => [seq - 1, seq]),
    ]);
    expect(run.calls[0]?.[0]).toEqual({
      seq: 1,
      step_type: "purge",
      step_name: "Purge",
      recipe_step_id: "p",
      loop_path: [],
      cycle: null,
      planned_ms: 500,
      planned_elapsed_ms: 0,
      device_started_at: "2026-01-01T00:00:00.000000Z",
      parameters: { purge_duration_ms: 500 },
    });
    expect(run.measuredOf(4)).toMatchObject({
      step_name: "Pulse 2",
      loop_path: [1],
      cycle: 1,
      parameters: { valve_number: 2, valve_duration_ms: 100, loop_count: 2, loop_iteration: 1 },
    });
  });

  test("steps join without a gap, and a pulse is its set-point plus the valve's lag", async () => {
    const run = started([cycles(3)]);
    await run.clock.advance(60_000);
    await run.result;
    const ended = run.calls.flat().filter((report) => report.measured_ms !== undefined);
    let at = start as number;
    for (const report of ended) {
      expect(Math.abs(Date.parse(report.device_started_at) - Math.floor(at))).toBeLessThanOrEqual(1);
      at += report.measured_ms ?? Number.NaN;
      const over = (report.measured_ms ?? Number.NaN) - report.planned_ms;
      if (report.step_type === "purge") expect(over).toBeCloseTo(0, 2);
      else expect([over >= 0.3, over <= 2.7]).toEqual([true, true]);
    }
  });

  test("every pulse has its summary; samples are dense around pulses", async () => {
    const run = started([cycles(1)]);
    await run.clock.advance(10_000);
    await run.result;
    expect(run.measuredOf(1)?.pulse?.peak_torr).toBeGreaterThan(0.03);
    expect(run.measuredOf(1)?.pulse?.baseline_torr).toBeCloseTo(1, 1);
    expect(run.measuredOf(2)?.pulse).toBeUndefined();
    const at = run.samples.map((sample) => sample.at - start);
    expect(at.filter((ms) => ms < 500).length).toBeGreaterThanOrEqual(9);
    expect(at.filter((ms) => ms >= 1000 && ms < 3000).length).toBe(4);
    expect(Object.keys(run.samples[0]?.values ?? {}).sort()).toEqual([
      "carrier_flow",
      "chamber_pressure",
      "chamber_temperature",
      "precursor_1_temperature",
      "precursor_2_temperature",
      "pump_pressure",
    ]);
  });
});

test("a parameter step holds for its time, a wait waits; each reports its own parameters", async () => {
  const heat: LeafStep = {
    id: "t",
    name: "Heat",
    type: "parameter",
    parameter_id: "p1",
    parameter_name: "chamber_temperature",
    unit: "°C",
    target_value: 220,
    adjustment_rate: 10,
    hold_duration_ms: 3000,
  };
  const run = started([heat, { id: "w", name: "Wait", type: "wait", duration_ms: 1000 }]);
  await run.clock.advance(5000);
  expect((await run.result).outcome).toBe("completed");
  expect(run.measuredOf(1)).toMatchObject({
    measured_ms: 3000,
    parameters: { parameter_id: "p1", parameter_value: 220 },
  });
  expect(run.calls[1]?.[1]).toMatchObject({ step_type: "wait", planned_ms: 1000, parameters: {} });
  expect(run.samples.at(-1)?.values["chamber_pressure"]).toBeGreaterThan(0);
  const temperatures = run.samples.flatMap(({ values }) => values["chamber_temperature"] ?? []);
  expect(temperatures.at(-1)).toBeGreaterThan(218);
});

describe("a stop", () => {
  test("now: cuts the step where it is, purges, and ends aborted", async () => {
    const run = started([cycles(10)]);
    await run.clock.advance(1000);
    run.now.abort();
    await run.clock.advance(1000);
    const { outcome, lastSteps } = await run.result;
    expect(outcome).toBe("aborted");
    expect(run.measuredOf(1)?.end_reason).toBeUndefined();
    expect(run.measuredOf(2)).toMatchObject({ end_reason: "aborted", planned_ms: 3000 });
    expect(run.measuredOf(2)?.measured_ms).toBeLessThan(1000);
    expect(lastSteps).toEqual([
      expect.objectContaining({
        seq: 3,
        step_name: "Safe end: N2 purge",
        recipe_step_id: null,
        cycle: null,
        measured_ms: 500,
      }),
    ]);
  });

  test("at the end of the cycle: the cycle under way is completed", async () => {
    const run = started([cycles(10)]);
    await run.clock.advance(8000);
    run.endOfCycle.abort();
    await run.clock.advance(30_000);
    expect((await run.result).outcome).toBe("aborted");
    expect(run.measuredOf(8)).toMatchObject({ cycle: 2, step_type: "purge" });
    expect(run.measuredOf(8)?.measured_ms).toBeCloseTo(4000, 2);
    expect(run.calls.flat().at(-1)).toMatchObject({ seq: 9, recipe_step_id: null });
  });

  test("at the end of the cycle, outside of any: at once", async () => {
    const run = started([purge(600_000), cycles(10)]);
    await run.clock.advance(1000);
    run.endOfCycle.abort();
    await run.clock.advance(600);
    expect((await run.result).outcome).toBe("aborted");
    expect(run.measuredOf(1)?.measured_ms).toBeLessThanOrEqual(1000);
  });

  test("now overtakes one that waits for the cycle", async () => {
    const run = started([cycles(10)]);
    await run.clock.advance(1000);
    run.endOfCycle.abort();
    run.now.abort();
    await run.clock.advance(600);
    expect((await run.result).lastSteps[0]?.seq).toBe(3);
  });

  test("before the first step: nothing is recorded, and the machine still purges", async () => {
    const clock = manualClock(start);
    const parsed = simulationSettings({}, {});
    if (!parsed.ok) throw new Error(parsed.message);
    const program = programOf([cycles(1)]);
    const listener = { onSample: () => undefined, onLink: () => undefined };
    const driver = simulatedDriver({
      program,
      settings: parsed.settings,
      seed: 7,
      clock,
      listener,
      speed: 1,
    });
    const stop = { now: AbortSignal.abort(), endOfCycle: new AbortController().signal };
    const calls: StepReport[][] = [];
    const result = play({ plan: planOf(program), driver, stop, journal: (reports) => calls.push(reports) });
    await clock.advance(500);
    expect([await result, calls]).toEqual([{ outcome: "aborted", failure: null, lastSteps: [] }, []]);
  });
});

describe("faults on demand", () => {
  test("slow valve: the named valve closes late, from the named cycle", async () => {
    const run = started([cycles(4)], {
      faults: [{ kind: "slow_valve", valve: 2, from_cycle: 2, every: 2, extra_ms: 50 }],
    });
    await run.clock.advance(60_000);
    await run.result;
    const late = run.calls.flat().filter((report) => (report.measured_ms ?? 0) > report.planned_ms + 40);
    expect(late.map(({ cycle, parameters }) => [cycle, parameters["valve_number"]])).toEqual([
      [2, 2],
      [4, 2],
    ]);
  });

  test("stuck valve: the run fails and says which", async () => {
    const run = started([cycles(4)], { faults: [{ kind: "stuck_valve", valve: 1, from_cycle: 2 }] });
    await run.clock.advance(60_000);
    expect(await run.result).toMatchObject({
      outcome: "failed",
      failure: "Valve 1 did not close within 500 ms of being told to.",
    });
    expect(run.measuredOf(5)?.measured_ms).toBeCloseTo(600, 2);
    expect(run.measuredOf(5)?.end_reason).toBe("failed");
  });

  test("missed pulse: on time, without a peak", async () => {
    const run = started([cycles(2)], {
      faults: [{ kind: "missed_pulse", valve: 1, from_cycle: 2, to_cycle: 2 }],
    });
    await run.clock.advance(60_000);
    await run.result;
    const heights = [1, 5].map((seq) => run.measuredOf(seq)?.pulse?.peak_torr ?? 0);
    expect(heights[0]).toBeGreaterThan(0.03);
    expect(heights[1]).toBeLessThan(0.001);
  });

  test("drift: pulses fade with the cycles", async () => {
    const run = started([cycles(40)], { faults: [{ kind: "drift", valve: 1, per_cycle: -0.02 }] });
    await run.clock.advance(400_000);
    await run.result;
    const height = (seq: number) => run.measuredOf(seq)?.pulse?.peak_torr ?? 0;
    expect(height(157) / height(1)).toBeLessThan(0.45);
  });

  test("duration drift: pulses grow by a share of their planned time with each cycle", async () => {
    const run = started([cycles(100)], {
      faults: [{ kind: "duration_drift", valve: 2, per_cycle: 1e-3 }],
      valve_lag_deviation_ms: 0,
    });
    await run.clock.advance(800_000);
    await run.result;
    const lastPulses = [397, 399].map((seq) => run.measuredOf(seq)?.measured_ms);
    expect(lastPulses).toEqual([101.5, 111.5]);
  });

  test("stuck purge: the purge after the named valve's pulse in the named cycle, and no other", async () => {
    const run = started([cycles(3)], {
      faults: [{ kind: "stuck_purge", valve: 2, from_cycle: 2, to_cycle: 2, extra_ms: 8200 }],
    });
    await run.clock.advance(60_000);
    await run.result;
    const long = run.calls.flat().filter((report) => (report.measured_ms ?? 0) > 5000);
    expect(long.map(({ seq, measured_ms }) => [seq, measured_ms])).toEqual([[8, 12_200]]);
  });

  test("late heater: it moves at a share of the rate that it is asked for", async () => {
    const heat = (name: string): LeafStep => ({
      id: name,
      name,
      type: "parameter",
      parameter_id: name,
      parameter_name: name,
      unit: null,
      target_value: 240,
      adjustment_rate: 2,
      hold_duration_ms: 20_000,
    });
    const run = started([heat("chamber_temperature")], {
      faults: [{ kind: "late_heater", rate_share: 0.5 }],
    });
    await run.clock.advance(21_000);
    await run.result;
    const temperatures = run.samples.flatMap(({ values }) => values["chamber_temperature"] ?? []);
    expect(temperatures.at(-1)).toBeGreaterThan(217);
    expect(temperatures.at(-1)).toBeLessThan(222);
  });

  test("over-temperature: the interlock ends the run", async () => {
    const run = started([cycles(10)], {
      faults: [{ kind: "over_temperature", from_cycle: 2, c_per_s: 5, limit_above_c: 10 }],
    });
    await run.clock.advance(60_000);
    const { outcome, failure } = await run.result;
    expect(outcome).toBe("failed");
    expect(failure).toMatch(
      /^The chamber reached 21\d\.\d °C, over its limit of 210\.0 °C; the heaters are off\.$/,
    );
  });

  test("link loss: down for its time while the machine plays on", async () => {
    const run = started([cycles(10)], { faults: [{ kind: "link_loss", at_cycle: 2, duration_ms: 30_000 }] });
    await run.clock.advance(20_000);
    expect(run.links).toEqual([false]);
    await run.clock.advance(20_000);
    expect(run.links).toEqual([false, true]);
    expect(run.calls.length).toBeGreaterThan(20);
  });

  test("settings that mean nothing are refused with their place", () => {
    expect(simulationSettings({ faults: [{ kind: "slow_valve", extra: 3 }] }, {})).toMatchObject({
      ok: false,
      code: "simulation_settings_invalid",
      message: expect.stringContaining("faults.0"),
    });
  });
});
