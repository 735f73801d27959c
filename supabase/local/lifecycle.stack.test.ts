/** How a stack starts, lasts, restarts its parts and stops, beside others. */
import { once } from "node:events";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clusterMark, markedProcesses } from "./process/orphans.ts";
import { startStack } from "./stack.ts";
import { get, PATIENCE, processesOf, query, stackLife } from "./test-life.ts";

const life = stackLife();

describe("a stack", () => {
  test("keeps its data and keys from one start to the next, and stops without a trace of processes", async () => {
    const first = await life.start({ dataDir: life.dataDir });
    await query(first.dbUrl, "create table public.kept as select 7 as answer");
    expect((await processesOf(life.dataDir)).length).toBeGreaterThan(1);
    await first.stop();
    expect(await processesOf(life.dataDir)).toEqual([]);
    expect(await readdir(life.dataDir)).not.toContain("info.json");

    const second = await life.start({ dataDir: life.dataDir });
    expect(second.publishableKey).toBe(first.publishableKey);
    expect(await query(second.dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    expect((await get(second, "/rest/v1/kept?select=answer")).status).toBe(200);
  });

  test("is found by other commands through info.json, which only its owner may read", async () => {
    const stack = await life.start({ dataDir: life.dataDir });
    const { apiUrl, dbUrl, publishableKey, secretKey, users } = stack;
    const published = JSON.parse(await readFile(join(life.dataDir, "info.json"), "utf8"));
    expect(published).toEqual({ apiUrl, dbUrl, publishableKey, secretKey, users });
    expect((await stat(join(life.dataDir, "info.json"))).mode & 0o777).toBe(0o600);
    await expect(startStack({ dataDir: life.dataDir, apiPort: 0, dbPort: 0 })).rejects.toThrow(
      `The stack in ${life.dataDir} is already running (process ${process.pid}); stop it, or give this one its own folder with --data-dir.`,
    );
    expect((await get(stack, "/rest/v1/")).status).toBe(200);
  });

  test("runs beside another one with keys and data of its own", async () => {
    const [one, other] = await Promise.all([
      life.start({ dataDir: life.dataDir }),
      life.start({ ephemeral: true }),
    ]);
    await query(one.dbUrl, "create table public.only_here ()");
    expect(await query(other.dbUrl, "select to_regclass('public.only_here') as found")).toEqual([
      { found: null },
    ]);
    // Only what is thrown away may be lost with the power.
    expect(await query(one.dbUrl, "show fsync")).toEqual([{ fsync: "on" }]);
    expect(await query(other.dbUrl, "show fsync")).toEqual([{ fsync: "off" }]);
    const foreignKey = await fetch(`${one.apiUrl}/rest/v1/`, { headers: { apikey: other.secretKey } });
    expect(foreignKey.status).toBe(401);
  });

  test("listens on the loopback only", async () => {
    const stack = await life.start({ dataDir: life.dataDir });
    const ports = [stack.apiUrl, stack.dbUrl].map((url) => Number(new URL(url).port));
    const outside = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ internal, family }) => !internal && family === "IPv4");
    for (const port of ports) {
      const attempt = createServer().listen(port, outside?.address ?? "127.0.0.2");
      await once(attempt, "listening");
      await new Promise((resolve) => attempt.close(resolve));
    }
  });
});

describe("a restart of Postgres", () => {
  test("is survived by idle pooled connections, Auth, PostgREST and Realtime", async () => {
    const stack = await life.start({ dataDir: life.dataDir });
    const auth = () =>
      get(stack, "/auth/v1/health").then(
        ({ status }) => status,
        () => 0,
      );
    const rest = () =>
      get(stack, "/rest/v1/").then(
        ({ status }) => status,
        () => 0,
      );
    for (const kind of ["fast", "kill"] as const) {
      expect(await auth()).toBe(200);
      const before = performance.now();
      await stack.restartPostgres(kind);
      // A change feed that is not told to end must not hold the server's shutdown up.
      expect(performance.now() - before).toBeLessThan(7000);
      await expect.poll(auth, PATIENCE).toBe(200);
      await expect.poll(rest, PATIENCE).toBe(200);
    }
  });

  test("happens by itself when the server is killed, and PostgREST is replaced as well", async () => {
    const stack = await life.start({ dataDir: life.dataDir });
    await query(stack.dbUrl, "create table public.survives as select 1 as one");
    for (const pid of await processesOf(life.dataDir)) process.kill(pid, "SIGKILL");
    const rows = () =>
      get(stack, "/rest/v1/survives").then(
        (answer) => answer.json(),
        () => null,
      );
    await expect.poll(rows, PATIENCE).toEqual([{ one: 1 }]);
  });

  test("answers 502 with a hint while PostgREST is away", async () => {
    const stack = await life.start({ dataDir: life.dataDir });
    const [pid] = await markedProcesses("postgrest", clusterMark(life.dataDir));
    process.kill(pid ?? 0, "SIGSTOP");
    const waiting = get(stack, "/rest/v1/");
    process.kill(pid ?? 0, "SIGKILL");
    const answer = await waiting;
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({
      code: "upstream_unavailable",
      hint: expect.stringContaining("try again"),
    });
  });
});
