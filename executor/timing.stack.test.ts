// The promise of the executor: valve timing never waits for the database.

import { setTimeout as delay } from "node:timers/promises";
import { expect, inject, test, vi } from "vitest";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";

const DELAY_MS = 300;
const PULSES = 30;

test("with 300 ms in every database call, 100 ms pulses last 100 ± 5 ms by the driver's clock and are recorded so", async () => {
  const bed = await TestBed.open(inject("stack"));
  let calls = 0;
  const { shutdown, lines } = await bed.serve({
    fetch: async (input, init) => {
      calls += 1;
      await delay(DELAY_MS);
      return fetch(input, init);
    },
  });
  const runId = await bed.start([loop(PULSES, pulse(1), purge(150))]);
  await vi.waitFor(async () => expect((await bed.run(runId)).status).toBe("completed"), {
    timeout: 25_000,
    interval: 100,
  });
  const steps = await bed.steps(runId);
  const first = steps[0];
  const last = steps.at(-1);
  const lengths = steps
    .filter(({ step_type }) => step_type === "valve")
    .map(({ measured_ms }) => measured_ms ?? Number.NaN);
  expect(lengths).toHaveLength(PULSES);
  expect(lengths.filter((ms) => !(ms >= 95 && ms <= 105))).toEqual([]);
  // The driver's clock runs on without a gap for any call, and the host followed it: had a step waited for its report,
  // the run would have taken more than twice as long.
  const sum = steps.reduce((total, { measured_ms }) => total + (measured_ms ?? Number.NaN), 0);
  expect((last?.device_ms ?? 0) + (last?.measured_ms ?? 0) - (first?.device_ms ?? 0)).toBeCloseTo(sum, 0);
  expect(sum).toBeLessThan(PULSES * 255);
  const late = Number(/completed; this host was at most (\d+) ms late/.exec(lines.join("\n"))?.[1]);
  expect(late).toBeLessThan(sum / 2);
  expect(calls).toBeGreaterThan(10);
  await shutdown();
  expect(await bed.violations()).toEqual([]);
  await bed.close();
});
