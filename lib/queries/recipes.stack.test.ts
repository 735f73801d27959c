import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { Client } from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { SaveRecipeRequest } from "#lib/model/recipe.ts";
import { signIn } from "#lib/supabase/auth.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { faultPlaceRow } from "#lib/supabase/rows/recipe.ts";
import { saveRecipe } from "#lib/supabase/save-recipe.ts";
import { createPerson } from "#supabase/local/auth/test-person.ts";
import { fetchRecipeParts } from "./recipe-parts.ts";
import { fetchRecipe, fetchRecipeDurations, fetchRecipes, fetchRecipeVersion } from "./recipes.ts";

// Recipes through the unmodified client, as the pages read and save them.

let client: ServerClient;
let db: Client;

async function signedIn(role: "engineer" | "operator"): Promise<ServerClient> {
  const { id, email, password } = await createPerson();
  await db.query("insert into public.profiles (id, full_name, email, role) values ($1, $2, $3, $2)", [
    id,
    role,
    email,
  ]);
  const { apiUrl, publishableKey } = inject("stack");
  const own = createClient(apiUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  expect(await signIn(own, email, password)).toEqual({ ok: true });
  return own;
}

beforeAll(async () => {
  db = new Client({ connectionString: inject("stack").dbUrl });
  await db.connect();
  client = await signedIn("engineer");
});
afterAll(() => db.end());

const wait = (duration_ms: number) => ({ id: randomUUID(), name: "Settle", type: "wait", duration_ms });
const request = (steps: readonly object[], more: Partial<SaveRecipeRequest> = {}): SaveRecipeRequest => ({
  recipeId: randomUUID(),
  expectedVersion: 0,
  expectedProgram: null,
  note: null,
  program: {
    recipe: {
      name: "Saved by a test",
      description: "quite unlike others",
      machine_type: "thermal-ald",
      substrate: null,
      chamber_temperature_set_point: 200,
      pressure_set_point: 0.4,
    },
    steps,
  },
  ...more,
});

test("a recipe is made, found, read, changed, and read as it was", async () => {
  const first = request([wait(70)], { note: "to begin with" });
  expect(await saveRecipe(client, first)).toEqual({ ok: true, version: 1 });
  const page = await fetchRecipe(client, first.recipeId);
  expect(page).toMatchObject({
    recipe: { name: "Saved by a test", version: 1 },
    program: { ok: true, program: { totals: { planned_ms: 70 } } },
    runs: 0,
    versions: [{ version: 1, note: "to begin with", totals: { steps: 1 } }],
  });
  const tag = page?.program.ok ? page.program.tag : null;
  const { recipeId } = first;
  const next = request([wait(70), wait(30)], { recipeId, expectedVersion: 1, expectedProgram: tag });
  expect(await saveRecipe(client, next)).toEqual({ ok: true, version: 2 });
  expect((await fetchRecipeVersion(client, recipeId, 1))?.totals.planned_ms).toBe(70);
  expect((await fetchRecipeVersion(client, recipeId, 2))?.totals.planned_ms).toBe(100);
  expect(await fetchRecipeVersion(client, recipeId, 3)).toBe(null);
  expect((await fetchRecipeDurations(client, recipeId)).steps).toMatchObject([
    { measured: 0 },
    { measured: 0 },
  ]);
  const { recipes } = await fetchRecipes(client, "unlike SAVED");
  expect(recipes.find(({ id }) => id === recipeId)).toMatchObject({
    version: 2,
    totals: { steps: 2 },
    lastRun: null,
  });
  expect((await fetchRecipeParts(client)).machineTypes).toContain("thermal-ald");
  expect(await fetchRecipe(client, randomUUID())).toBe(null);
});

test("a refusal says where, and an operator is refused", async () => {
  const bad = await saveRecipe(client, request([wait(70), { ...wait(1), duration_ms: 0 }]));
  expect(bad).toMatchObject({ ok: false, status: 422, code: "program_invalid" });
  expect(bad.ok ? null : faultPlaceRow(bad.details).path).toBe("steps[1]");
  const operator = await signedIn("operator");
  expect(await saveRecipe(operator, request([wait(1)]))).toMatchObject({ status: 403, code: "not_allowed" });
});

test("of many who save at once upon one version, one does; asked again, each is told the same", async () => {
  const first = request([wait(10)]);
  await saveRecipe(client, first);
  const { recipeId } = first;
  const asked = Array.from({ length: 12 }, (_, at) =>
    request([wait(20 + at)], { recipeId, expectedVersion: 1 }),
  );
  const answers = await Promise.all(asked.map((one) => saveRecipe(client, one)));
  const won = answers.findIndex(({ ok }) => ok);
  expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, version: 2 }]);
  const codes = new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.code])));
  expect([...codes]).toEqual(["recipe_changed"]);
  const winner = asked[won];
  expect(winner && (await saveRecipe(client, winner)), "its answer had been lost").toEqual({
    ok: true,
    version: 2,
  });
  const { rows } = await db.query(
    "select version, program #> '{totals,planned_ms}' as ms from public.recipe_versions where recipe_id = $1 order by version",
    [recipeId],
  );
  expect(rows).toEqual([
    { version: 1, ms: 10 },
    { version: 2, ms: 20 + won },
  ]);
  expect((await fetchRecipe(client, recipeId))?.program).toMatchObject({
    program: { totals: { planned_ms: 20 + won } },
  });
});
