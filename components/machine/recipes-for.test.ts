import { expect, test } from "vitest";
import { recipesFor } from "#components/machine/recipes-for.ts";
import type { RecipeSummary } from "#lib/model/recipe.ts";
import { SAMPLE_START } from "#lib/model/samples.ts";

const recipe = (name: string, machineType: string): RecipeSummary => ({
  id: name,
  name,
  description: null,
  version: 1,
  machineType,
  substrate: null,
  chamberTemperatureC: 200,
  pressureTorr: 1,
  updatedAt: SAMPLE_START,
});
const all = [recipe("Al2O3", "thermal-ald"), recipe("From a log", "recorded"), recipe("TiO2", "thermal-ald")];
const offered = (machineType: string | null) => recipesFor({ machineType }, all).map(({ name }) => name);

test("a recipe is offered where it can be played, and nowhere else", () => {
  expect(offered("thermal-ald")).toEqual(["Al2O3", "TiO2"]);
  expect(offered("recorded")).toEqual(["From a log"]);
  expect(offered("plasma-ald")).toEqual([]);
});

test("a machine whose type nobody has told is offered all; the database decides", () => {
  expect(offered(null)).toEqual(["Al2O3", "From a log", "TiO2"]);
});
