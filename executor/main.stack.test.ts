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

test("a machine out of service is let go once its run is over, and taken up again when it is back", async () => {
  const bed = await TestBed.open(inject("stack"));
  const { ending, running } = start(bed);
  const held = async () =>
    (
      await bed.db.query("select 1 from machine_leases where machine_id = $1 and expires_at > now()", [
        bed.machine.id,
      ])
    ).rowCount;
  const setActive = (isActive: boolean) =>
    bed.db.query("update machines set is_active = $2 where id = $1", [bed.machine.id, isActive]);
  await vi.waitFor(async () => expect(await held()).toBe(1), { timeout: 10_000 });
  const runId = await bed.start([pulse(1), purge(3000)]);
  await setActive(false);
  await vi.waitFor(async () => expect((await bed.run(runId)).status).toBe("completed"), { timeout: 10_000 });
  await vi.waitFor(async () => expect(await held()).toBe(0), { timeout: 10_000 });
  await setActive(true);
  await vi.waitFor(async () => expect(await held()).toBe(1), { timeout: 10_000 });
  ending.abort();
  await running;
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
