// The short form of storm.ts, at both isolation levels, Postgres killed in each.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { storm, stormLine } from "./storm.ts";

const SECONDS = 5;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false });
});
afterAll(() => stack?.stop());

test.each([undefined, "repeatable read"] as const)(
  "FD2 a storm with Postgres killed in the middle breaks nothing (%s)",
  {
    timeout: 120_000,
  },
  async (level) => {
    const result = await storm(stack, SECONDS, level);
    console.log(stormLine(level ?? "read committed where allowed", result), JSON.stringify(result.answers));
    expect(result.violations).toEqual([]);
    expect(result.brokenPromises).toEqual([]);
    // All of it happened: runs began and ended, late and doubled calls were refused, and the kill was felt.
    expect(Object.keys(result.answers)).toEqual(
      expect.arrayContaining(["", "machine_not_idle", "run_ended", "fence_stale"]),
    );
    expect(result.resent).toBeGreaterThan(0);
  },
);
