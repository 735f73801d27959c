import type { StatsFs } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort, NEEDED_BYTES, requireRoom } from "#scripts/start/guards.ts";
import { StartFault } from "#scripts/start/start-fault.ts";

describe("the port", () => {
  test("may be any free one", async () => {
    expect(await freePort(0)).toBeGreaterThan(1023);
  });

  test("is refused while another program listens on it, and free afterwards", async () => {
    const port = await freePort(0);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    await expect(freePort(port)).rejects.toThrow(
      new StartFault(
        `port ${port} is taken by another program; stop that one, or choose another with PORT=${port + 1}.`,
      ),
    );
    await new Promise((resolve) => other.close(resolve));
    expect(await freePort(port)).toBe(port);
  });
});

describe("room for the data", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulseboard-room-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const free = (bytes: number) => () => ({ bavail: bytes / 4096, bsize: 4096 }) as StatsFs;

  test("is enough from 500 MB on, and the folder is made", async () => {
    await expect(requireRoom(join(folder, "new/data"), free(NEEDED_BYTES))).resolves.toBeUndefined();
  });

  test("is refused below, with the figures", async () => {
    await expect(requireRoom(folder, free(NEEDED_BYTES - 4096))).rejects.toThrow(
      `the disk of ${folder} has 499 MB free and 500 MB are needed; free some, or name a folder elsewhere with PULSEBOARD_DATA_DIR.`,
    );
  });

  test.runIf(process.platform === "linux")(
    "is refused where no folder can be made, and at once",
    async () => {
      await expect(requireRoom("/proc/none")).rejects.toThrow(
        "the data folder /proc/none cannot be written to (ENOENT); name another with PULSEBOARD_DATA_DIR.",
      );
    },
  );

  test("is refused where a file stands in the way", async () => {
    await expect(requireRoom("/dev/null/data")).rejects.toThrow(
      "the data folder /dev/null/data cannot be written to (ENOTDIR); name another with PULSEBOARD_DATA_DIR.",
    );
  });
});
