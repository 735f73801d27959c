import { expect, inject, test, vi } from "vitest";
import { runExecutor } from "#executor/main.ts";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";

const start = (bed: TestBed, over: Partial<Parameters<typeof runExecutor>[0]> = {}) => {
  const ending = new AbortController();
  const lines: string[] = [];
  const options = {
    ...bed.place,
    dataDir: bed.folder,
    demo: false,
    machines: [bed.machine.serial_number],
    signal: ending.signal,
  };
  return { lines, ending, running: runExecutor({ ...options, log: (line) => lines.push(line), ...over }) };
};

test("serves the named machine, one executor per folder, and ends within 3 s with the run aborted", async () => {
  const bed = await TestBed.open(inject("stack"));
  const { ending, running } = start(bed);
  await vi.waitFor(
    async () =>
      expect(
        (await bed.db.query("select 1 from machine_leases where machine_id = $1", [bed.machine.id])).rowCount,
      ).toBe(1),
    { timeout: 10_000 },
  );
  const runId = await bed.start([loop(100, pulse(1), purge(60_000))]);
  await vi.waitFor(async () => expect((await bed.run(runId)).last_seq).toBe(2), { timeout: 10_000 });
  const began = performance.now();
  ending.abort();
  await running;
  expect(performance.now() - began).toBeLessThan(3000);
  expect(await bed.run(runId)).toMatchObject({ status: "aborted", machine: "offline" });
  expect(await bed.violations()).toEqual([]);
  await bed.close();
});

test("says in a sentence what is wrong before it serves anything", async () => {
  const bed = await TestBed.open(inject("stack"));
  const fault = (over: Parameters<typeof start>[1]) => start(bed, over).running;
  await expect(fault({ secretKey: "sb_secret_wrong" })).rejects.toThrow(
    "the secret key was refused; check SUPABASE_SECRET_KEY.",
  );
  await expect(fault({ secretKey: bed.place.publishableKey })).rejects.toThrow(
    "the secret key was refused; check SUPABASE_SECRET_KEY.",
  );
  await expect(fault({ machines: ["NO-SUCH"] })).rejects.toThrow(
    "there is no active simulated machine NO-SUCH; check the serial number.",
  );
  await expect(fault({ apiUrl: "http://127.0.0.1:9" })).rejects.toThrow(
    "http://127.0.0.1:9 does not answer as a Pulseboard project",
  );
  await bed.close();
});
