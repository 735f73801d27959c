import { expect, test } from "vitest";
import { ask, ReadFault, read } from "./call.ts";

type Answer = Awaited<ReturnType<Parameters<typeof ask>[1]>>;
const answers = (answer: Partial<Answer>) => async (): Promise<Answer> => ({
  data: null,
  error: null,
  status: 200,
  ...answer,
});
/** As supabase-js does: an aborted or failed request is an error without a status. */
const hangs = (signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve({ data: null, error: { message: "aborted" }, status: 0 }));
  });

test("an answer is its data, with the count when there is one", async () => {
  expect(await ask("read", answers({ data: [1], count: 7 }))).toEqual({ ok: true, data: [1], count: 7 });
});

test("a refusal of the database keeps its code, words, hint and status", async () => {
  const error = { code: "machine_not_idle", message: "Not started: busy.", hint: "Wait." };
  expect(await ask("request the start", answers({ error, status: 409 }))).toEqual({
    ok: false,
    code: "machine_not_idle",
    message: "Not started: busy.",
    hint: "Wait.",
    status: 409,
  });
});

test("facts that a refusal carries come along; what Postgres writes there does not", async () => {
  const error = {
    code: "program_invalid",
    message: "The recipe was not saved: no.",
    details: { path: "steps[0]" },
  };
  expect(await ask("save", answers({ error, status: 422 }))).toMatchObject({ details: { path: "steps[0]" } });
  const text = { code: "23514", message: "violates", details: "Failing row contains (1)." };
  expect(await ask("save", answers({ error: text, status: 400 }))).not.toHaveProperty("details");
});

test.each([
  [401, "signed_out", "Could not read the fleet: you are signed out."],
  [503, "PGRST000", "Could not read the fleet: the server failed (503)."],
])("status %d decides, not the words", async (status, code, message) => {
  const error = { code: "PGRST000", message: "JWT expired" };
  expect(await ask("read the fleet", answers({ error, status }))).toMatchObject({
    ok: false,
    code,
    message,
    status,
  });
});

test("a refusal without words is still a sentence", async () => {
  expect(await ask("read", answers({ error: {}, status: 404 }))).toMatchObject({
    code: "http_404",
    message: "Could not read: the server refused (404).",
  });
});

test.each([
  [
    "22P02",
    400,
    'invalid input syntax for type uuid: "1\'"',
    "The server refused what this page asked for (400).",
  ],
  ["PGRST103", 416, "Requested range not satisfiable", "The server refused what this page asked for (416)."],
  ["42501", 403, "permission denied for table recipes", "The server refused what this page asked for (403)."],
  [
    "XX000",
    500,
    "cache lookup failed for relation 16384",
    "Could not read the runs: the server failed (500).",
  ],
])("words that are not for a person are not shown: %s", async (code, status, message, shown) => {
  const error = { code, message, hint: "See pg_class." };
  await expect(read("read the runs", answers({ error, status }))).rejects.toMatchObject({
    message: shown,
    refusal: {
      code,
      status,
      message: shown,
      hint: "Try again; if it stays so, give support the code.",
    },
  });
});

test("what our functions raise is for a person", async () => {
  const error = { code: "PT422", message: "steps: the recipe has no steps", hint: null };
  await expect(read("read", answers({ error, status: 422 }))).rejects.toMatchObject({
    refusal: { message: error.message, hint: null },
  });
});

test("no connection is told apart from no answer in time", async () => {
  expect(
    await ask("read the fleet", answers({ error: { message: "fetch failed" }, status: 0 })),
  ).toMatchObject({
    code: "unreachable",
    status: 0,
    message: "Could not read the fleet: the server was not reached.",
  });
  expect(await ask("read the fleet", hangs, { timeoutMs: 5 })).toMatchObject({
    code: "no_answer",
    status: 0,
  });
});

test("the caller's own abort is not an answer", async () => {
  const stop = new AbortController();
  const asked = ask("read", hangs, { signal: stop.signal });
  stop.abort(new Error("left the page"));
  await expect(asked).rejects.toThrow("left the page");
});

test("readers throw what they were refused, whole", async () => {
  const refused = read(
    "read the run",
    answers({ error: { code: "not_yours", message: "No." }, status: 403 }),
  );
  await expect(refused).rejects.toThrow(ReadFault);
  await expect(refused).rejects.toMatchObject({
    message: "No.",
    refusal: { code: "not_yours", status: 403 },
  });
});
