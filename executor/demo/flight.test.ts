import { expect, test } from "vitest";
import { Flight } from "#executor/demo/flight.ts";
import { type Refusal, refusal } from "#lib/result.ts";

const RECIPES = ["a", "broken", "c"].map((id) => ({ id, name: `Recipe ${id}`, machine_type: "thermal-ald" }));
const unplayable = refusal(422, "program_invalid", "It cannot be played.", null);

/** A machine that is idle whenever it is looked at, and starts what is not refused; ends after so many pauses. */
async function flown(pauses: number, refusalOf: (recipe: string, attempt: number) => Refusal | null) {
  const asked: string[] = [];
  const waited: number[] = [];
  const said: string[] = [];
  const ending = new AbortController();
  const flight = new Flight({
    person: {
      userId: "autopilot",
      glance: async () => ({
        ok: true,
        glance: {
          machine: { id: "m", status: "idle", current_process_id: null },
          run: null,
          commands: [],
          server_time: "2026-01-01T12:00:00Z",
        },
      }),
      recipes: async () => ({ ok: true, recipes: RECIPES }),
      start: async (_machine, recipe) => {
        asked.push(recipe);
        return refusalOf(recipe, asked.length) ?? { ok: true, runId: "r" };
      },
      clear: async () => ({ ok: true, data: null }),
      reconcile: async () => ({ ok: true, data: null }),
    },
    machine: { id: "m", machine_type: "thermal-ald" },
    firstRecipe: 1,
    speed: 1,
    log: (line) => said.push(line),
    pause: async (ms) => {
      waited.push(ms);
      if (waited.length === pauses) ending.abort();
    },
  });
  return { end: await flight.fly(ending.signal), asked, waited, said };
}

test("a recipe that cannot be played is passed over, and the demo goes on", async () => {
  const { asked, waited, said } = await flown(4, (recipe) => (recipe === "broken" ? unplayable : null));
  expect(asked).toEqual(["broken", "c", "a", "broken"]);
  expect(waited).toEqual([800, 400, 400, 800]);
  expect(said[0]).toBe("Recipe broken: It cannot be played. ");
});

test("when everything is refused it asks ever more rarely, at last once a minute", async () => {
  const { end, asked, waited } = await flown(10, () => unplayable);
  expect(asked.slice(0, 4)).toEqual(["broken", "c", "a", "broken"]);
  expect(waited).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000, 60_000]);
  expect(end).toBe("aborted");
});

test("the first start that is taken ends the patience", async () => {
  const { waited } = await flown(5, (_recipe, attempt) => (attempt === 4 ? null : unplayable));
  expect(waited).toEqual([800, 1600, 3200, 400, 800]);
});
