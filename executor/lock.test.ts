import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ExecutorFault, lockFolder } from "#executor/lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a folder that a living process serves is refused, by name", async () => {
  await writeFile(join(folder, "executor.lock"), String(process.ppid));
  await expect(lockFolder(folder)).rejects.toThrow(
    new ExecutorFault(`process ${process.ppid} already serves ${folder}; end it first.`),
  );
});

test.each([
  ["/dev/null/x", "ENOTDIR"],
  ...(process.platform === "linux" ? [["/proc/none/x", "ENOENT"]] : []),
])("the folder %s cannot be made, which is said at once", async (path, code) => {
  await expect(lockFolder(`${path}`)).rejects.toThrow(
    new ExecutorFault(`${path} cannot be written to (${code}); name another with PULSEBOARD_DATA_DIR.`),
  );
});

test("what a process that is gone left behind is taken over; unlocking frees the folder", async () => {
  for (const left of ["999999999", "", "not a number"]) {
    await writeFile(join(folder, "executor.lock"), left);
    const unlock = await lockFolder(folder);
    await unlock();
  }
  await (await lockFolder(join(folder, "deep", "down")))();
});
