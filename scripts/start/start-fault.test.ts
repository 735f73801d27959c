import { expect, test } from "vitest";
import { continued } from "#scripts/start/start-fault.ts";

test.each([
  ["Port 54321 is taken.", "port 54321 is taken."],
  ["The disk is full.", "the disk is full."],
  ["Postgres did not start.", "Postgres did not start."],
  ["PostgREST did not become ready.", "PostgREST did not become ready."],
  ["SUPABASE_URL is set.", "SUPABASE_URL is set."],
  ["/data is damaged.", "/data is damaged."],
])("%s after a colon", (sentence, rest) => {
  expect(continued(sentence)).toBe(rest);
});
