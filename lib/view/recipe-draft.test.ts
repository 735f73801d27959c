import { expect, test } from "vitest";
import type { Program } from "#lib/model/program.ts";
import { draftFaults } from "./draft-faults.ts";
import {
  addAfter,
  addBehind,
  changeStep,
  copyOf,
  draftRows,
  intoLoop,
  moveStep,
  outOfLoop,
  removeStep,
} from "./draft-moves.ts";
import {
  asVersion,
  draftOf,
  newDraft,
  newStep,
  programOf,
  type RecipeDraft,
  typedNumber,
} from "./recipe-draft.ts";

const counter = () => {
  let next = 0;
  return () => `id${++next}`;
};

const PROGRAM: Program = {
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
  steps: [
    { id: "a", name: "Stabilise", type: "purge", duration_ms: 10_000, gas_type: "N2", flow_rate: 150 },
    {
      id: "b",
      name: "Cycle",
      type: "loop",
      iteration_count: 2,
      children: [
        { id: "c", name: "Pulse", type: "valve", valve_number: 1, duration_ms: 100 },
        { id: "d", name: "Settle", type: "wait", duration_ms: 50 },
      ],
    },
    {
      id: "e",
      name: "Cool",
      type: "parameter",
      parameter_id: "p",
      parameter_name: "chamber_temperature",
      unit: "°C",
      target_value: 25.5,
      adjustment_rate: 0.5,
      hold_duration_ms: 1000,
    },
  ],
  parameters: [],
  totals: { steps: 6, cycles: 2, planned_ms: 11_300 },
};

const places = (steps: Parameters<typeof draftRows>[0]) =>
  draftRows(steps).map(({ place, step }) => `${place} ${step.id}`);

test("a program that is opened and saved untouched is the same program", () => {
  const draft = draftOf(PROGRAM, "");
  expect(asVersion(draft, PROGRAM)).toEqual(PROGRAM);
  expect(programOf(draft).recipe).toMatchObject({ name: "Al2O3", substrate: null, description: "" });
  expect(draftFaults(draft)).toEqual([]);
});

test("what is typed is a number or it is not", () => {
  expect(["1", " 0.4 ", "-3.5", "1e-3"].map(typedNumber)).toEqual([1, 0.4, -3.5, 0.001]);
  expect(["", "1,5", "0x10", "Infinity", "1 000", "ten", undefined].map(typedNumber)).toEqual(
    Array(7).fill(null),
  );
});

test("steps move among their siblings, into a loop beside them, and out of it", () => {
  const { steps } = draftOf(PROGRAM, "");
  expect(places(steps)).toEqual(["1 a", "2 b", "2.1 c", "2.2 d", "3 e"]);
  expect(places(moveStep(steps, "d", -1))).toEqual(["1 a", "2 b", "2.1 d", "2.2 c", "3 e"]);
  expect(places(moveStep(steps, "b", 1))).toEqual(["1 a", "2 e", "3 b", "3.1 c", "3.2 d"]);
  expect(moveStep(steps, "a", -1), "the first goes no higher").toBe(steps);
  expect(moveStep(steps, "d", 1), "nor out of its loop by going down").toBe(steps);
  expect(places(intoLoop(steps, "e")), "the loop above").toEqual(["1 a", "2 b", "2.1 c", "2.2 d", "2.3 e"]);
  expect(places(intoLoop(steps, "a")), "the loop below").toEqual(["1 b", "1.1 a", "1.2 c", "1.3 d", "2 e"]);
  expect(intoLoop(steps, "c"), "no loop beside it").toBe(steps);
  expect(places(outOfLoop(steps, "c"))).toEqual(["1 a", "2 b", "2.1 d", "3 c", "4 e"]);
  expect(outOfLoop(steps, "a")).toBe(steps);
});

test("steps are added, copied with all that is in them, changed and removed", () => {
  const { steps } = draftOf(PROGRAM, "");
  const makeId = counter();
  const added = addAfter(steps, "c", newStep("wait", makeId));
  expect(places(added)).toEqual(["1 a", "2 b", "2.1 c", "2.2 id1", "2.3 d", "3 e"]);
  expect(places(addAfter(steps, null, newStep("wait", counter()))).at(-1)).toBe("4 id1");
  const emptied = changeStep(steps, "b", { children: [] });
  expect(places(addBehind(emptied, "b", newStep("wait", counter()))), "an empty loop wants one").toEqual([
    "1 a",
    "2 b",
    "2.1 id1",
    "3 e",
  ]);
  expect(places(addBehind(steps, "b", newStep("wait", counter())))[4]).toBe("3 id1");
  const loop = steps[1];
  const twice = loop ? addAfter(steps, "b", copyOf(loop, makeId)) : steps;
  expect(places(twice)).toEqual(["1 a", "2 b", "2.1 c", "2.2 d", "3 id2", "3.1 id3", "3.2 id4", "4 e"]);
  expect(places(removeStep(steps, "b"))).toEqual(["1 a", "2 e"]);
  const changed = changeStep(steps, "d", { name: "Wait" });
  expect(draftRows(changed).find(({ step }) => step.id === "d")?.step.name).toBe("Wait");
  expect(changed[0], "what is not touched stays the same object").toBe(steps[0]);
});

test("a new recipe can be saved once it has a name", () => {
  const draft = newDraft("thermal-ald", counter());
  expect(draftFaults(draft).map(({ path }) => path)).toEqual(["recipe.name"]);
  expect(new Set(draftRows(draft.steps).map(({ step }) => step.id)).size).toBe(7);
});

/** The steps with one field typed anew. */
function typed(steps: RecipeDraft["steps"], id: string, field: string, text: string): RecipeDraft["steps"] {
  const step = draftRows(steps).find((row) => row.step.id === id)?.step;
  return changeStep(steps, id, { fields: { ...step?.fields, [field]: text } });
}

test("every fault has its place and says what is wanted", () => {
  const draft = draftOf(PROGRAM, "");
  const faults = (id: string, field: string, text: string) =>
    draftFaults({ ...draft, steps: typed(draft.steps, id, field, text) });
  expect(faults("c", "duration_ms", "0")).toContainEqual({
    path: "steps[1].children[0]",
    stepId: "c",
    field: "duration_ms",
    problem: "Duration in ms: a whole number from 1 to 604\u202f800\u202f000",
  });
  expect(faults("d", "duration_ms", "1.5").map(({ path }) => path)).toEqual(["steps[1].children[1]"]);
  expect(faults("b", "iteration_count", "0")[0]?.problem).toBe(
    "Repeats: a whole number from 1 to 1\u202f000\u202f000",
  );
  expect(draftFaults({ ...draft, steps: changeStep(draft.steps, "b", { children: [] }) })[0]).toMatchObject({
    path: "steps[1]",
    problem: "This loop has no steps: add one, or remove it",
  });
  expect(draftFaults({ ...draft, steps: [] })).toEqual([
    { path: "steps", stepId: null, field: null, problem: "The recipe has no steps: add one" },
  ]);
  expect(
    draftFaults({
      ...draft,
      steps: changeStep(draft.steps, "b", { fields: { iteration_count: "1000000" } }),
    })[0]?.problem,
  ).toBe("Unrolled, 2\u202f000\u202f002 steps; at most 1\u202f000\u202f000 can be saved");
  expect(draftFaults({ ...draft, head: { ...draft.head, name: "n".repeat(201) } })[0]?.field).toBe("name");
});
