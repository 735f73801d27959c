import { expect, test } from "vitest";
import { sampleProgram } from "#lib/model/samples.ts";
import { type PlannedRun, programDifferences } from "./program-differences.ts";

const planned = (index: number, over: Partial<PlannedRun> = {}): PlannedRun => ({
  index,
  program: sampleProgram(),
  parameters: new Map([["speed", "1"]]),
  ...over,
});

const nextVersion = () => {
  const program = sampleProgram(4);
  return { ...program, recipe: { ...program.recipe, version: program.recipe.version + 1 } };
};

test("one run differs from nothing", () => {
  expect(programDifferences([])).toEqual([]);
  expect(programDifferences([planned(1)])).toEqual([]);
});

test("runs that differ alike are told together", () => {
  const [same, other, ...more] = programDifferences([
    planned(1),
    planned(2),
    planned(3, { program: nextVersion() }),
    planned(4),
    planned(5, { program: nextVersion() }),
  ]);
  expect(more).toEqual([]);
  expect(same).toMatchObject({ indexes: [2, 4], parameters: [], diff: { settings: [], steps: [] } });
  expect(other?.indexes).toEqual([3, 5]);
  expect(other?.diff?.settings[0]).toEqual({ label: "recipe version", from: "2", to: "3" });
  expect(other?.diff?.steps.length).toBeGreaterThan(0);
});

test("what a run was started with is compared too", () => {
  const [group] = programDifferences([
    planned(1),
    planned(2, {
      parameters: new Map([
        ["speed", "10"],
        ["is_simulated", "true"],
      ]),
    }),
  ]);
  expect(group?.parameters).toEqual([
    { label: "Speed", from: "1", to: "10" },
    { label: "Is simulated", from: "none", to: "true" },
  ]);
});

test("a program that cannot be read is no same program", () => {
  expect(programDifferences([planned(1), planned(2, { program: null })])).toMatchObject([{ diff: null }]);
});
