import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holdFolder } from "#scripts/start/one-per-folder.ts";
import { AlreadyRunning } from "#scripts/start/start-fault.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulseboard-held-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a second start from the same folder is told where the first one is", async () => {
  const first = await holdFolder(folder);
  await expect(holdFolder(folder)).rejects.toThrow(
    new AlreadyRunning(
      `Pulseboard of this folder is already being started (process ${process.pid}); wait for that one.`,
    ),
  );
  await first.publish("http://127.0.0.1:3000");
  await expect(holdFolder(folder)).rejects.toThrow(
    new AlreadyRunning(
      `Pulseboard of this folder is already running at http://127.0.0.1:3000 (process ${process.pid}); ` +
        "open that page, or stop it with Ctrl-C where it was started.",
    ),
  );
  await first.release();
  await (await holdFolder(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});
