import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Program, type ProgramStep, totals } from "#lib/model/program.ts";
import { type ProgramDiff, programDiff } from "./program-diff.ts";

const pulse = (id: string, name: string, ms = 100, valve = 1): ProgramStep => ({
  id,
  name,
  type: "valve",
  valve_number: valve,
  duration_ms: ms,
});
const purge = (id: string, name: string, ms = 3000, flow = 150): ProgramStep => ({
  id,
  name,
  type: "purge",
  duration_ms: ms,
  gas_type: "N2",
  flow_rate: flow,
});
const wait = (id: string, ms: number): ProgramStep => ({ id, name: "Settle", type: "wait", duration_ms: ms });
const ramp = (id: string, target: number): ProgramStep => ({
  id,
  name: "Heat",
  type: "parameter",
  parameter_id: "p",
  parameter_name: "chamber_temperature",
  unit: "°C",
  target_value: target,
  adjustment_rate: 2,
  hold_duration_ms: 60_000,
});
const loop = (id: string, name: string, count: number, children: ProgramStep[]): ProgramStep => ({
  id,
  name,
  type: "loop",
  iteration_count: count,
  children,
});

function program(steps: ProgramStep[], over: Partial<Program> = {}): Program {
  return {
    format: 1,
    recipe: {
      id: "r",
      name: "Al2O3",
      version: 3,
      machine_type: "thermal-ald",
      substrate: null,
      chamber_temperature_set_point: 200,
      pressure_set_point: 0.4,
    },
    steps,
    parameters: [],
    totals: totals(steps),
    ...over,
  };
}

const cycle = (): ProgramStep[] => [
  pulse("a", "TMA pulse"),
  purge("ap", "TMA purge"),
  pulse("b", "Water pulse", 100, 2),
  purge("bp", "Water purge", 4000),
];
const nested = (): ProgramStep[] => [
  purge("s", "Stabilise", 10_000),
  loop("stack", "Stack", 5, [loop("layer", "Layer", 20, cycle()), wait("w", 500)]),
  purge("f", "Final purge", 20_000),
];

const diff = (from: ProgramStep[], to: ProgramStep[]) => programDiff(program(from), program(to));
/** Steps in short: kind, place (old → new when moved), name, fields as text. */
const told = ({ steps }: ProgramDiff) =>
  steps.map(({ kind, path, fromPath, name, fields }) => [
    kind,
    fromPath === null ? path : `${fromPath} → ${path}`,
    name,
    ...fields.map(({ label, from, to }) => `${label}: ${from} → ${to}`),
  ]);
/** The same steps under other ids, as another recipe or a rewritten one has them. */
const renumbered = (steps: ProgramStep[], prefix = "new "): ProgramStep[] =>
  steps.map((step) => ({
    ...step,
    id: prefix + step.id,
    ...(step.type === "loop" ? { children: renumbered(step.children, prefix) } : {}),
  }));
/** Replaces the step of this id, at any depth, by these. */
const swap = (steps: ProgramStep[], id: string, by: ProgramStep[]): ProgramStep[] =>
  steps.flatMap((step) => {
    if (step.id === id) return by;
    return step.type === "loop" ? [{ ...step, children: swap(step.children, id, by) }] : [step];
  });

describe.each([
  ["with the steps' own ids", (steps: ProgramStep[]) => steps],
  ["with new ids", (steps: ProgramStep[]) => renumbered(steps)],
])("%s", (_, other) => {
  const swapped = (id: string, by: ProgramStep[]) => diff(nested(), other(swap(nested(), id, by)));

  test("the same program has no differences", () => {
    expect(diff(nested(), other(nested()))).toEqual({ isSame: true, settings: [], steps: [], totals: [] });
  });

  test("a changed step in nested loops: path, old and new with units, and what it comes to", () => {
    const found = swapped("ap", [purge("ap", "TMA purge", 3500, 200)]);
    expect(told(found)).toEqual([
      ["changed", "2.1.2", "TMA purge", "duration: 3.0 s → 3.5 s", "flow: 150 sccm → 200 sccm"],
    ]);
    expect(found.totals).toEqual([{ label: "planned time", from: "12 min 33 s", to: "13 min 23 s" }]);
  });

  test("a loop that repeats more often is one change", () => {
    const found = swapped("layer", [loop("layer", "Layer", 30, cycle())]);
    expect(told(found)).toEqual([["changed", "2.1", "Layer", "repeats: 20 × → 30 ×"]]);
    expect(found.totals.map(({ label }) => label)).toEqual(["planned time", "cycles", "steps"]);
  });

  test("a renamed step is a changed name, not a removal and an addition", () => {
    expect(told(swapped("b", [pulse("b", "H2O pulse", 100, 2)]))).toEqual([
      ["changed", "2.1.3", "H2O pulse", "name: Water pulse → H2O pulse"],
    ]);
  });

  test("a renamed loop keeps its steps", () => {
    expect(
      told(
        swapped("stack", [
          loop("stack", "Bilayer", 5, [loop("layer", "Layer", 20, cycle()), wait("w", 500)]),
        ]),
      ),
    ).toEqual([["changed", "2", "Bilayer", "name: Stack → Bilayer"]]);
  });

  test("steps added and removed; a whole loop is one of them", () => {
    expect(told(swapped("w", [wait("w", 500), purge("x", "Extra purge", 700)]))).toEqual([
      ["added", "2.3", "Extra purge"],
    ]);
    const without = swapped("stack", []);
    expect(told(without)).toEqual([["removed", "2", "Stack"]]);
    expect(without.steps[0]?.detail).toBe("5 ×, 6 steps");
  });

  test("a step that stands elsewhere in its block has moved; its neighbours have not", () => {
    const [first, second, third, fourth] = cycle();
    if (!first || !second || !third || !fourth) throw new Error("a cycle has four steps");
    const found = swapped("layer", [loop("layer", "Layer", 20, [second, third, first, fourth])]);
    expect(told(found)).toEqual([["moved", "2.1.1 → 2.1.3", "TMA pulse"]]);
    expect(found.totals).toEqual([]);
  });

  test("a step that went to another block has moved, also with what changed of it by its id", () => {
    const rest = swap(nested(), "w", []);
    expect(told(diff(nested(), other([...rest, wait("w", 500)])))).toEqual([["moved", "2.2 → 4", "Settle"]]);
  });
});

test("moved and changed at once, where the id says that it is the same step", () => {
  const rest = swap(nested(), "w", []);
  expect(told(diff(nested(), [...rest, wait("w", 900)]))).toEqual([
    ["moved", "2.2 → 4", "Settle", "duration: 500 ms → 900 ms"],
  ]);
});

test("steps wrapped into a new loop: the loop is added, its steps moved into it", () => {
  const flat = [purge("s", "Stabilise"), ...cycle()];
  expect(told(diff(flat, [purge("s", "Stabilise"), loop("l", "Cycle", 10, cycle())]))).toEqual([
    ["added", "2", "Cycle"],
    ["moved", "2 → 2.1", "TMA pulse"],
    ["moved", "3 → 2.2", "TMA purge"],
    ["moved", "4 → 2.3", "Water pulse"],
    ["moved", "5 → 2.4", "Water purge"],
  ]);
});

test("a step that became another kind keeps its place; a loop never becomes a step", () => {
  expect(told(diff([purge("x", "Rest", 500)], [{ ...wait("x", 500), name: "Rest" }]))).toEqual([
    ["changed", "1", "Rest", "type: purge → wait", "gas: N2 → none", "flow: 150 sccm → none"],
  ]);
  expect(told(diff([wait("x", 500)], [loop("x", "Settle", 2, [pulse("y", "Pulse")])]))).toEqual([
    ["removed", "1", "Settle"],
    ["added", "1", "Settle"],
  ]);
});

test("a difference that the words would hide is told to the millisecond", () => {
  expect(told(diff([purge("x", "Purge", 100_000)], [purge("x", "Purge", 100_001)]))).toEqual([
    ["changed", "1", "Purge", "duration: 100\u202f000 ms → 100\u202f001 ms"],
  ]);
});

test("set-points within steps come with their units", () => {
  expect(told(diff([ramp("x", 200)], [ramp("x", 250.5)]))).toEqual([
    ["changed", "1", "Heat", "target: 200 °C → 250.5 °C"],
  ]);
});

test("the recipe's own settings and conditions; its version and id are no difference", () => {
  const from = program(nested(), {
    parameters: [
      { name: "carrier_flow", value: 150, unit: "sccm", min: 135, max: 165 },
      { name: "pump_pressure", value: 0.1, unit: "Torr", min: null, max: null },
    ],
  });
  const to = program(nested(), {
    recipe: {
      ...from.recipe,
      id: "other",
      version: 4,
      chamber_temperature_set_point: 210,
      substrate: "Si (100)",
    },
    parameters: [
      { name: "carrier_flow", value: 150, unit: "sccm", min: 140, max: 160 },
      { name: "chamber_temperature", value: 210, unit: "°C", min: 205, max: 215 },
    ],
  });
  const found = programDiff(from, to);
  expect(found.isSame).toBe(false);
  expect(found.settings.map(({ label, from, to }) => `${label}: ${from} → ${to}`)).toEqual([
    "substrate: any → Si (100)",
    "chamber temperature: 200 °C → 210 °C",
    "condition carrier flow: 150 sccm (135 to 165) → 150 sccm (140 to 160)",
    "condition pump pressure: 0.1 Torr → none",
    "condition chamber temperature: none → 210 °C (205 to 215)",
  ]);
  expect(programDiff(from, { ...from, recipe: { ...from.recipe, id: "x", version: 9 } }).isSame).toBe(true);
});

const long = (): ProgramStep[] =>
  Array.from({ length: 125 }, (_, i) =>
    loop(`l${i}`, `Layer ${i}`, 2 + (i % 7), [
      pulse(`p${i}`, `Pulse ${i}`, 50 + i),
      purge(`q${i}`, "Purge", 1000 + i),
      wait(`w${i}`, 10 + i),
    ]),
  );

describe("a program of 500 steps", () => {
  test.each([
    ["with ids", (steps: ProgramStep[]) => steps],
    ["without", (steps: ProgramStep[]) => renumbered(steps)],
  ])("%s: one change, one addition, one removal, one move are four", (_, other) => {
    let steps = swap(long(), "q70", [purge("q70", "Purge", 5000)]);
    steps = swap(steps, "w100", [wait("w100", 110), purge("x", "Extra", 1)]);
    steps = swap(steps, "p5", []);
    const [first, ...rest] = steps;
    if (!first) throw new Error("there are steps");
    const found = diff(long(), other([...rest, first]));
    expect(told(found)).toEqual([
      ["removed", "6.1", "Pulse 5"],
      ["changed", "70.2", "Purge", "duration: 1.1 s → 5.0 s"],
      ["added", "100.4", "Extra"],
      ["moved", "1 → 125", "Layer 0"],
    ]);
  });

  test("against something else entirely, everything is told once", () => {
    const other = Array.from({ length: 500 }, (_, i) => wait(`other ${i}`, 9000 + i));
    const { steps } = diff(long(), other);
    expect(steps.filter(({ kind }) => kind === "removed")).toHaveLength(125);
    expect(steps.filter(({ kind }) => kind === "added")).toHaveLength(500);
  });
});

test("far more steps than are compared one by one, and loops nested very deep", () => {
  const many = Array.from({ length: 5000 }, (_, i) => wait(`w${i}`, 1 + (i % 900)));
  const other = renumbered(many).toSpliced(2500, 1).toReversed();
  expect(diff(many, other).isSame).toBe(false);
  let deep: ProgramStep = pulse("p", "Pulse");
  for (let level = 0; level < 2000; level += 1) deep = loop(`l${level}`, "Loop", 1, [deep]);
  expect(diff([deep], [deep]).isSame).toBe(true);
});

test("a diff is empty exactly for equal programs, and what it adds and removes is what one has more than the other", () => {
  const leaf = fc.record({ name: fc.constantFrom("A", "B", "C"), ms: fc.integer({ min: 1, max: 4 }) });
  const steps = fc
    .array(leaf, { maxLength: 12 })
    .map((list) => list.map(({ name, ms }, i) => purge(`${i}`, name, ms)));
  const plain = (list: ProgramStep[]) => list.map(({ id: _, ...rest }) => rest);
  const count = (found: ProgramDiff, kind: string) => found.steps.filter((each) => each.kind === kind).length;
  fc.assert(
    fc.property(steps, steps, (from, to) => {
      const there = diff(from, renumbered(to));
      expect(there.isSame).toBe(JSON.stringify(plain(from)) === JSON.stringify(plain(to)));
      expect(count(there, "added") - count(there, "removed")).toBe(to.length - from.length);
    }),
    { numRuns: 300 },
  );
});
