/** The stack command as a process: signals, crashes and what they leave behind. */
import { chown, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canReach, childAccount } from "./process/account.ts";
import { freePort } from "./process/free-port.ts";
import { FREE_PORTS, get, isRoot, PATIENCE, processesOf, query, stackLife } from "./test-life.ts";

const life = stackLife();

describe("the command", () => {
  test("--ephemeral --json prints one line, and SIGTERM leaves no process and no folder", async () => {
    const own = await life.ownTmp();
    const stack = life.launch(["--ephemeral", "--no-seed"], { env: { ...process.env, TMPDIR: own } });
    const info = await stack.info;
    expect(Object.keys(info)).toEqual(["apiUrl", "dbUrl", "publishableKey", "secretKey", "users"]);
    expect(info.users).toEqual([]);
    const [folder] = await readdir(own);
    const made = join(own, folder ?? "");
    expect((await processesOf(made)).length).toBeGreaterThan(1);
    expect(await stack.end("SIGTERM")).toBe(0);
    expect(stack.output().stdout.trim().split("\n")).toHaveLength(1);
    expect(await processesOf(made)).toEqual([]);
    expect(await readdir(own)).toEqual([]);
  });

  test("called off while it starts leaves nothing either", async () => {
    const own = await life.ownTmp();
    const stack = life.launch(["--ephemeral", "--no-seed"], { env: { ...process.env, TMPDIR: own } });
    await expect.poll(() => stack.output().stderr, PATIENCE).toContain("starting Postgres");
    const [folder] = await readdir(own);
    expect(await stack.end("SIGINT")).toBe(1);
    expect(stack.output().stderr).toContain("The start was called off; nothing is running.");
    expect(await processesOf(join(own, folder ?? ""))).toEqual([]);
    expect(await readdir(own)).toEqual([]);
  });

  test("starts again after a SIGKILL, when the system ended its children", async () => {
    const first = life.launch(["--data-dir", life.dataDir, ...FREE_PORTS]);
    await query((await first.info).dbUrl, "create table public.kept as select 7 as answer");
    await first.end("SIGKILL");
    if (process.platform === "linux")
      await expect.poll(() => processesOf(life.dataDir), PATIENCE).toEqual([]);
    const second = life.launch(["--data-dir", life.dataDir, ...FREE_PORTS]);
    expect(await query((await second.info).dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    expect(await second.end("SIGTERM")).toBe(0);
  });

  test("starts again after a SIGKILL, when its children outlived it", async () => {
    // Without setpriv on the PATH the kernel is not told to end them, as on systems other than Linux.
    const env = { ...process.env, PATH: life.root };
    const ports = ["--no-seed", "--port", String(await freePort()), "--db-port", String(await freePort())];
    const first = life.launch(["--data-dir", life.dataDir, ...ports], { env });
    await query((await first.info).dbUrl, "create table public.kept as select 7 as answer");
    await first.end("SIGKILL");
    const orphans = await processesOf(life.dataDir);
    expect(orphans.length).toBeGreaterThan(1);

    const second = life.launch(["--data-dir", life.dataDir, ...ports], { env });
    expect(await query((await second.info).dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    expect((await processesOf(life.dataDir)).filter((pid) => orphans.includes(pid))).toEqual([]);
    expect(await second.end("SIGTERM")).toBe(0);
    expect(await processesOf(life.dataDir)).toEqual([]);
  });

  test("sweeps the folder of a throw-away stack that was killed", async () => {
    const own = await life.ownTmp();
    const env = { ...process.env, TMPDIR: own };
    const first = life.launch(["--ephemeral", "--no-seed"], { env });
    await first.info;
    await first.end("SIGKILL");
    const [left] = await readdir(own);
    const second = life.launch(["--ephemeral", "--no-seed"], { env });
    await second.info;
    expect(await readdir(own)).toHaveLength(1);
    expect(await readdir(own)).not.toContain(left);
    await second.end("SIGTERM");
  });

  test.runIf(isRoot)("runs for a normal user (seen as root only: it takes another account)", async () => {
    const account = childAccount();
    if (account === null || !(await canReach(import.meta.filename, account))) {
      expect.fail("the repository must be readable by `nobody` for this test");
    }
    await mkdir(life.dataDir);
    await chown(life.dataDir, account.uid, account.gid);
    const env = { ...process.env, HOME: life.root, TMPDIR: life.dataDir };
    const stack = life.launch(["--data-dir", join(life.dataDir, "stack"), ...FREE_PORTS], {
      uid: account.uid,
      gid: account.gid,
      env,
    });
    expect((await get(await stack.info, "/rest/v1/")).status).toBe(200);
    expect(await stack.end("SIGTERM")).toBe(0);
  });
});
