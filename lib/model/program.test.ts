import { describe, expect, test } from "vitest";
import { type ProgramStep, parseProgram, totals } from "#lib/model/program.ts";

const pulse = (valve = 1, ms = 100) =>
  ({ id: `v${valve}`, name: "Pulse", type: "valve", valve_number: valve, duration_ms: ms }) as const;
const purge = (ms = 3000) =>
  ({ id: "p", name: "Purge", type: "purge", duration_ms: ms, gas_type: "N2", flow_rate: 100 }) as const;
const loop = (count: number, ...children: ProgramStep[]) =>
  ({ id: "l", name: "Loop", type: "loop", iteration_count: count, children }) as const;
const recipe = {
  id: "r",
  name: "Al2O3",
  version: 1,
  machine_type: "thermal-ald",
  substrate: null,
  chamber_temperature_set_point: 200,
  pressure_set_point: 1,
};
const programOf = (steps: unknown, stated: unknown) => ({
  format: 1,
  recipe,
  steps,
  parameters: [],
  totals: stated,
});
const refusedMessage = (json: unknown) => {
  const parsed = parseProgram(json);
  if (parsed.ok) throw new Error("was accepted");
  expect(parsed).toMatchObject({ code: "program_invalid", status: 422 });
  return parsed.message;
};

describe("totals", () => {
  test("counts unrolled steps, cycles of innermost pulse loops and planned time", () => {
    const nested = [
      purge(500),
      loop(5, loop(20, pulse(), purge()), loop(10, pulse(2), purge()), loop(3, purge(1))),
    ];
    expect(totals(nested)).toEqual({
      steps: 1 + 5 * (40 + 20 + 3),
      cycles: 150,
      planned_ms: 500 + 5 * (30 * 3100 + 3),
    });
  });

  test("a loop that holds a loop and a pulse is not a cycle itself", () => {
    expect(totals([loop(4, pulse(), loop(2, pulse()))])).toMatchObject({ steps: 12, cycles: 8 });
  });

  test("a parameter step is planned to last its hold", () => {
    const hold = {
      ...purge(),
      type: "parameter",
      parameter_id: "x",
      parameter_name: "chamber_temperature",
    } as const;
    const step = { ...hold, unit: "°C", target_value: 200, adjustment_rate: 1, hold_duration_ms: 1500 };
    expect(totals([step])).toEqual({ steps: 1, cycles: 0, planned_ms: 1500 });
  });
});

describe("parseProgram", () => {
  test("returns the program it was given", () => {
    const json = programOf([loop(2, pulse(), purge())], { steps: 4, cycles: 2, planned_ms: 6200 });
    expect(parseProgram(structuredClone(json))).toEqual({ ok: true, program: json });
  });

  test.each([
    ["no steps", [], "the recipe has no steps"],
    ["an empty loop", [purge(), loop(2)], "steps[1].children: this loop has no steps"],
    ["a count below one", [loop(0, pulse())], "steps[0].iteration_count: "],
    [
      "a duration below one",
      [purge(), loop(2, loop(2, pulse(1, 0)))],
      "steps[1].children[0].children[0].duration_ms: ",
    ],
    ["a fraction of a millisecond", [pulse(1, 1.5)], "steps[0].duration_ms: "],
    ["an unknown type", [{ ...purge(), type: "vent" }], "steps[0].type: "],
    ["a step that is not an object", [purge(), 7], "steps[1]: "],
    ["children that are no list", [{ ...loop(1, pulse()), children: {} }], "steps[0].children: "],
    ["a missing valve", [{ ...pulse(), valve_number: null }], "steps[0].valve_number: "],
  ])("refuses %s with its path", (_, steps, message) => {
    expect(refusedMessage(programOf(steps, { steps: 1, cycles: 0, planned_ms: 1 }))).toContain(message);
  });

  test("names the first fault in document order", () => {
    const json = programOf([loop(2, pulse(1, 0)), pulse(1, 0)], { steps: 1, cycles: 0, planned_ms: 1 });
    expect(refusedMessage(json)).toMatch(/^steps\[0\]\.children\[0\]\.duration_ms: /);
  });

  test("refuses totals that the steps do not add up to", () => {
    const json = programOf([pulse()], { steps: 2, cycles: 0, planned_ms: 100 });
    expect(refusedMessage(json)).toBe("totals.steps: says 2, but the steps add up to 1");
  });

  test("refuses more steps than can be numbered", () => {
    const steps = [loop(100_000, loop(100_000, pulse()))];
    expect(refusedMessage(programOf(steps, totals(steps)))).toContain(
      "unrolled, the program has 10000000000 steps",
    );
  });

  test("another format and no object at all", () => {
    expect(refusedMessage({ ...programOf([pulse()], {}), format: 2 })).toMatch(/^format: /);
    expect(refusedMessage(null)).toMatch(/^program: /);
  });

  test("nesting is limited by memory, not by the stack", () => {
    let step: ProgramStep = pulse();
    for (let depth = 0; depth < 50_000; depth += 1) step = loop(1, step);
    const parsed = parseProgram(programOf([step], { steps: 1, cycles: 1, planned_ms: 100 }));
    expect(parsed.ok).toBe(true);
  });
});
