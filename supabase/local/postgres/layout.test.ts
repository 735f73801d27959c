import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freeSpaceFault, openLayout } from "./layout.ts";

const MB = 1024 * 1024;

describe("the folders of a stack", () => {
  test("need 150 MB of free disk", () => {
    expect(freeSpaceFault("/data", 150 * MB)).toBeNull();
    expect(freeSpaceFault("/data", 12.7 * MB)?.message).toBe(
      "Only 12 MB are free for the database in /data and it needs 150 MB; free some space or choose another folder with --data-dir.",
    );
  });

  test.runIf(process.platform === "linux")("cannot be made below /proc, and at once", async () => {
    await expect(openLayout("/proc/none/stack", null)).rejects.toThrow(
      "The data folder /proc/none/stack cannot be made; choose another with --data-dir or PULSEBOARD_DATA_DIR.",
    );
  });

  test("cannot be made below a file", async () => {
    const dir = await mkdtemp(join(tmpdir(), "pulseboard-layout-"));
    await writeFile(join(dir, "file"), "");
    await expect(openLayout(join(dir, "file", "stack"), null)).rejects.toThrow(
      `The data folder ${join(dir, "file", "stack")} is not a folder; choose another with --data-dir or PULSEBOARD_DATA_DIR.`,
    );
    await rm(dir, { recursive: true });
  });
});
