import { describe, expect, test } from "vitest";
import { SAMPLE_START, sampleProgram } from "#lib/model/samples.ts";
import type { Permissive, StartReading, StartReview } from "#lib/model/start-review.ts";
import { later } from "#lib/time.ts";
import { permissiveView } from "#lib/view/permissive-rows.ts";
import { recipeProblem, whatChanged, whyNoReview } from "./start-reasons.ts";

const unmet = (over: Partial<Permissive> = {}): Permissive => ({
  key: "reading",
  name: "chamber_pressure",
  isMet: false,
  value: 12,
  unit: "Torr",
  minimum: 0,
  maximum: 10,
  readAt: SAMPLE_START,
  reason: "chamber_pressure reads 12 Torr, allowed is 0 to 10",
  hint: "Bring the value back within its limits, then start.",
  ...over,
});
const reviewOf = (permissives: Permissive[] = []): StartReview => ({
  serverTime: SAMPLE_START,
  machineVersion: 7,
  program: sampleProgram(),
  programTag: "v2-a",
  permissives,
  pace: null,
  lastGood: null,
});
const reading = (permissives: Permissive[] = []): StartReading => ({
  kind: "review",
  review: reviewOf(permissives),
});

describe("recipeProblem", () => {
  test("none with a recipe that fits, nor before one is read", () => {
    expect(recipeProblem(reading([unmet()]), "Al2O3")).toBeNull();
    expect(recipeProblem(null, null)).toBeNull();
  });

  test("missing, malformed with its path, for another type of machine: one sentence each", () => {
    expect(recipeProblem({ kind: "missing" }, null)?.message).toBe("There is no such recipe.");
    const problem = "steps[2].children[0]: this valve step has no valve and duration";
    expect(recipeProblem({ kind: "malformed", problem }, "Al2O3")?.message).toBe(
      `“Al2O3” cannot be played: ${problem}.`,
    );
    const reason = "the recipe is for plasma-ald, ALD-03 is thermal-ald";
    const foreign = unmet({ key: "machine_type", reason, hint: "Choose a recipe for this type of machine." });
    expect(recipeProblem(reading([foreign]), "Plasma")).toEqual({
      message: `“Plasma” cannot run here: ${reason}.`,
      hint: "Choose a recipe for this type of machine.",
    });
  });

  test("a name of any length stays one sentence", () => {
    const { message } = recipeProblem({ kind: "malformed", problem: "steps: x" }, "a".repeat(10_000)) ?? {};
    expect(message?.length).toBeLessThan(130);
  });
});

describe("whyNoReview", () => {
  const scene = { whyNotAtAll: null, isChosen: true, problem: null, readFault: null };
  const at = (ms: number, permissives: Permissive[] = []) =>
    permissiveView(reviewOf(permissives), later(SAMPLE_START, ms));

  test("nothing stands against what is fresh and met; what is not known does not either", () => {
    expect(whyNoReview({ ...scene, permissives: at(1_000) })).toBeNull();
    const unknown = unmet({ isMet: null, reason: null, readAt: null });
    expect(whyNoReview({ ...scene, permissives: at(1_000, [unknown]) })).toBeNull();
  });

  test("the person and the machine come first, then the choice, then the recipe", () => {
    const all = { ...scene, permissives: null, isChosen: false, problem: { message: "Broken.", hint: "" } };
    expect(whyNoReview({ ...all, whyNotAtAll: "Your role is viewer." })).toBe("Your role is viewer.");
    expect(whyNoReview(all)).toBe("Choose a recipe first.");
    expect(whyNoReview({ ...all, isChosen: true })).toBe("Broken.");
  });

  test("the first permissive that is not met is named, with what to do, and how many more there are", () => {
    expect(whyNoReview({ ...scene, permissives: at(1_000, [unmet()]) })).toBe(
      "Chamber pressure reads 12 Torr, allowed is 0 to 10. Bring the value back within its limits, then start.",
    );
    const two = at(1_000, [unmet(), unmet({ name: "pump_pressure", reason: "pump_pressure reads 11" })]);
    expect(whyNoReview({ ...scene, permissives: two })).toMatch(/ 1 more not met\.$/);
  });

  test("without an answer, or with one that no longer counts, nothing can be reviewed", () => {
    expect(whyNoReview({ ...scene, permissives: null })).toBe("The recipe is being read.");
    expect(whyNoReview({ ...scene, permissives: null, readFault: "No answer." })).toBe("No answer.");
    expect(whyNoReview({ ...scene, permissives: at(20_000) })).toBeNull();
    expect(whyNoReview({ ...scene, permissives: at(20_001) })).toMatch(/not been read for a while/);
  });
});

describe("whatChanged", () => {
  const machine = { name: "ALD-03", version: 7 };
  const reviewed = { machineVersion: 7, program: sampleProgram(), programTag: "v2-a" };

  test("nothing, as long as the same comes back", () => {
    expect(whatChanged(reviewed, reviewOf(), machine)).toBeNull();
    expect(whatChanged(reviewed, null, machine)).toBeNull();
  });

  test("the recipe, with its version where that says it", () => {
    const program = sampleProgram(4);
    expect(whatChanged(reviewed, { ...reviewed, program, programTag: "v2-b" }, machine)).toMatch(
      /^The recipe changed since/,
    );
    const next = { ...program, recipe: { ...program.recipe, version: 3 } };
    expect(whatChanged(reviewed, { ...reviewed, program: next, programTag: "v3-c" }, machine)).toMatch(
      /^The recipe changed from version 2 to 3 since/,
    );
  });

  test("the machine, whoever tells it first", () => {
    const told = /^ALD-03 changed since you opened this/;
    expect(whatChanged(reviewed, { ...reviewOf(), machineVersion: 8 }, machine)).toMatch(told);
    expect(whatChanged(reviewed, reviewOf(), { ...machine, version: 8 })).toMatch(told);
  });
});
