import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";

let bed: TestBed;
beforeEach(async () => {
  bed = await TestBed.open(inject("stack"));
});
afterEach(() => bed.close());

type Reading = { value: number; age_ms: number | null };

async function reading(name: string): Promise<Reading> {
  const found = await bed.db.query<Reading>(
    `select current_value as value, (extract(epoch from clock_timestamp() - read_at) * 1000)::float8 as age_ms
     from machine_parameters where machine_id = $1 and name = $2`,
    [bed.machine.id, name],
  );
  const row = found.rows[0];
  if (row === undefined) throw new Error(`there is no parameter ${name}`);
  return row;
}

const until = (look: () => Promise<void>, timeout = 10_000) => vi.waitFor(look, { timeout, interval: 50 });
const status = async (runId: string) => (await bed.run(runId)).status;
const isReading = (input: Parameters<typeof fetch>[0]) => String(input).endsWith("/record_readings");

test("between runs a machine tells what it reads, goes on from the run before, and is silent during one", async () => {
  const told: number[] = [];
  const { shutdown } = await bed.serve({
    fetch: (input, init) => {
      if (isReading(input)) told.push(performance.now());
      return fetch(input, init);
    },
  });
  await until(async () => expect((await reading("chamber_pressure")).age_ms).not.toBeNull());
  const first = await reading("chamber_pressure");
  expect(first.value).toBeCloseTo(0.05, 2);
  await until(async () => expect(told.length).toBeGreaterThan(1));
  expect((told[1] ?? 0) - (told[0] ?? 0)).toBeGreaterThan(1900);

  const runId = await bed.start([loop(8, pulse(1), purge(400))]);
  await until(async () => expect(await status(runId)).toBe("running"));
  const before = told.length;
  await until(async () => expect(await status(runId)).toBe("completed"));
  expect(told.length).toBe(before);

  await until(async () => expect(told.length).toBe(before + 1));
  await until(async () => expect((await reading("carrier_flow")).value).toBeLessThan(99));
  // The run ended at its recipe's 1 Torr and 100 sccm; four seconds later the pump is on its way, not at its end.
  const left = await reading("chamber_pressure");
  expect(left.value).toBeGreaterThan(0.1);
  expect((await reading("chamber_temperature")).value).toBeCloseTo(200, -1);
  await until(async () => expect((await reading("chamber_pressure")).value).toBeLessThan(left.value));
  await shutdown();
}, 40_000);

test("a reading that does not get through holds up neither the lease, nor a start, nor a stop", async () => {
  const renewals: number[] = [];
  const { shutdown } = await bed.serve({
    fetch: (input, init) => {
      if (isReading(input))
        return new Promise<Response>((_, fail) => init?.signal?.addEventListener("abort", fail));
      if (String(input).endsWith("/renew_lease")) renewals.push(performance.now());
      return fetch(input, init);
    },
  });
  await until(async () => expect(renewals.length).toBeGreaterThan(2));
  const runId = await bed.start([loop(100, pulse(1), purge(60_000))]);
  await until(async () => expect(await status(runId)).toBe("running"), 3000);
  await bed.operator.stop(bed.machine.id, runId, "test");
  await until(async () => expect(await status(runId)).toBe("aborted"), 3000);
  expect(Math.max(...renewals.slice(1).map((at, i) => at - (renewals[i] ?? at)))).toBeLessThan(3000);
  expect((await reading("carrier_flow")).value).toBeGreaterThan(90);
  const ending = performance.now();
  await shutdown();
  expect(performance.now() - ending).toBeLessThan(3000);
}, 30_000);
