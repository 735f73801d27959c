/** Start, stop, crash and refusal of the embedded stack. Each test has folders and stacks of its own. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { installedBinaries } from "./postgres/binaries.ts";
import { canReach, childAccount } from "./process/account.ts";
import { freePort } from "./process/free-port.ts";
import { clusterMark, markedProcesses } from "./process/orphans.ts";
import { type Stack, type StackInfo, startStack } from "./stack.ts";
import { StackFault } from "./stack-fault.ts";
import { type LaunchedStack, launchStack } from "./test-launch.ts";

const isRoot = process.getuid?.() === 0;
const FREE_PORTS = ["--no-seed", "--port", "0", "--db-port", "0"];

let root: string;
let dataDir: string;
let running: (Stack | LaunchedStack)[];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "pulseboard-life-")));
  await chmod(root, 0o755);
  dataDir = join(root, "data");
  running = [];
});

afterEach(async () => {
  for (const one of running) await ("stop" in one ? one.stop() : one.end("SIGKILL"));
  for (const pid of await processesOf(dataDir)) process.kill(pid, "SIGKILL");
  await rm(join("/var/tmp", clusterMark(dataDir)), { recursive: true, force: true });
  await rm(root, { recursive: true });
  vi.unstubAllEnvs();
});

async function processesOf(folder: string): Promise<number[]> {
  const mark = clusterMark(folder);
  return [...(await markedProcesses("postgres", mark)), ...(await markedProcesses("postgrest", mark))];
}

function launch(args: string[], options: Parameters<typeof launchStack>[1] = {}): LaunchedStack {
  const launched = launchStack(args, options);
  running.push(launched);
  return launched;
}

async function start(options: Parameters<typeof startStack>[0]): Promise<Stack> {
  const stack = await startStack({ migrate: false, seed: false, apiPort: 0, dbPort: 0, ...options });
  running.push(stack);
  return stack;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const get = (info: StackInfo, path: string) =>
  fetch(`${info.apiUrl}${path}`, {
    headers: { apikey: info.secretKey },
    signal: AbortSignal.timeout(10_000),
  });

async function occupiedPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, free: () => new Promise((resolve) => server.close(resolve)) };
}

describe("a stack", () => {
  test("keeps its data and keys from one start to the next, and stops without a trace of processes", async () => {
    const first = await start({ dataDir });
    await query(first.dbUrl, "create table public.kept as select 7 as answer");
    expect((await processesOf(dataDir)).length).toBeGreaterThan(1);
    await first.stop();
    expect(await processesOf(dataDir)).toEqual([]);
    expect(await readdir(dataDir)).not.toContain("info.json");

    const second = await start({ dataDir });
    expect(second.publishableKey).toBe(first.publishableKey);
    expect(await query(second.dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    expect((await get(second, "/rest/v1/kept?select=answer")).status).toBe(200);
  });

  test("is found by other commands through info.json, which only its owner may read", async () => {
    const stack = await start({ dataDir });
    const { apiUrl, dbUrl, publishableKey, secretKey, users } = stack;
    const published = JSON.parse(await readFile(join(dataDir, "info.json"), "utf8"));
    expect(published).toEqual({ apiUrl, dbUrl, publishableKey, secretKey, users });
    expect((await stat(join(dataDir, "info.json"))).mode & 0o777).toBe(0o600);
    await expect(startStack({ dataDir, apiPort: 0, dbPort: 0 })).rejects.toThrow(
      `The stack in ${dataDir} is already running (process ${process.pid}); stop it, or give this one its own folder with --data-dir.`,
    );
    expect((await get(stack, "/rest/v1/")).status).toBe(200);
  });

  test("runs beside another one with keys and data of its own", async () => {
    const [one, other] = await Promise.all([start({ dataDir }), start({ ephemeral: true })]);
    await query(one.dbUrl, "create table public.only_here ()");
    expect(await query(other.dbUrl, "select to_regclass('public.only_here') as found")).toEqual([
      { found: null },
    ]);
    const foreignKey = await fetch(`${one.apiUrl}/rest/v1/`, { headers: { apikey: other.secretKey } });
    expect(foreignKey.status).toBe(401);
  });

  test("listens on the loopback only", async () => {
    const stack = await start({ dataDir });
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
    const stack = await start({ dataDir });
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
      expect(performance.now() - before).toBeLessThan(5000);
      await expect.poll(auth, { timeout: 10_000 }).toBe(200);
      await expect.poll(rest, { timeout: 20_000 }).toBe(200);
    }
  });

  test("happens by itself when the server is killed, and PostgREST is replaced as well", async () => {
    const stack = await start({ dataDir });
    await query(stack.dbUrl, "create table public.survives as select 1 as one");
    for (const pid of await processesOf(dataDir)) process.kill(pid, "SIGKILL");
    const rows = () =>
      get(stack, "/rest/v1/survives").then(
        (answer) => answer.json(),
        () => null,
      );
    await expect.poll(rows, { timeout: 20_000 }).toEqual([{ one: 1 }]);
  });

  test("answers 502 with a hint while PostgREST is away", async () => {
    const stack = await start({ dataDir });
    const [pid] = await markedProcesses("postgrest", clusterMark(dataDir));
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

describe("the command", () => {
  test("--ephemeral --json prints one line, and SIGTERM leaves no process and no folder", async () => {
    const own = join(root, "tmp");
    await mkdir(own);
    await chmod(own, 0o1777);
    const stack = launch(["--ephemeral", "--no-seed"], { env: { ...process.env, TMPDIR: own } });
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
    const own = join(root, "tmp");
    await mkdir(own);
    await chmod(own, 0o1777);
    const stack = launch(["--ephemeral", "--no-seed"], { env: { ...process.env, TMPDIR: own } });
    await expect.poll(() => stack.output().stderr).toContain("starting Postgres");
    const [folder] = await readdir(own);
    expect(await stack.end("SIGINT")).toBe(1);
    expect(stack.output().stderr).toContain("The start was called off; nothing is running.");
    expect(await processesOf(join(own, folder ?? ""))).toEqual([]);
    expect(await readdir(own)).toEqual([]);
  });

  test("starts again after a SIGKILL, when the system ended its children", async () => {
    const first = launch(["--data-dir", dataDir, ...FREE_PORTS]);
    await query((await first.info).dbUrl, "create table public.kept as select 7 as answer");
    await first.end("SIGKILL");
    if (process.platform === "linux") await expect.poll(() => processesOf(dataDir)).toEqual([]);
    const second = launch(["--data-dir", dataDir, ...FREE_PORTS]);
    expect(await query((await second.info).dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    expect(await second.end("SIGTERM")).toBe(0);
  });

  test("starts again after a SIGKILL, when its children outlived it", async () => {
    // Without setpriv on the PATH the kernel is not told to end them, as on systems other than Linux.
    const env = { ...process.env, PATH: root };
    const ports = ["--no-seed", "--port", String(await freePort()), "--db-port", String(await freePort())];
    const first = launch(["--data-dir", dataDir, ...ports], { env });
    await query((await first.info).dbUrl, "create table public.kept as select 7 as answer");
    await first.end("SIGKILL");
    const orphans = await processesOf(dataDir);
    expect(orphans.length).toBeGreaterThan(1);

    const second = launch(["--data-dir", dataDir, ...ports], { env });
    expect(await query((await second.info).dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    expect((await processesOf(dataDir)).filter((pid) => orphans.includes(pid))).toEqual([]);
    expect(await second.end("SIGTERM")).toBe(0);
    expect(await processesOf(dataDir)).toEqual([]);
  });

  test("sweeps the folder of a throw-away stack that was killed", async () => {
    const own = join(root, "tmp");
    await mkdir(own);
    await chmod(own, 0o1777);
    const env = { ...process.env, TMPDIR: own };
    const first = launch(["--ephemeral", "--no-seed"], { env });
    await first.info;
    await first.end("SIGKILL");
    const [left] = await readdir(own);
    const second = launch(["--ephemeral", "--no-seed"], { env });
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
    await mkdir(dataDir);
    await chown(dataDir, account.uid, account.gid);
    const env = { ...process.env, HOME: root, TMPDIR: dataDir };
    const stack = launch(["--data-dir", join(dataDir, "stack"), ...FREE_PORTS], {
      uid: account.uid,
      gid: account.gid,
      env,
    });
    expect((await get(await stack.info, "/rest/v1/")).status).toBe(200);
    expect(await stack.end("SIGTERM")).toBe(0);
  });
});

describe("programs and folders out of reach", () => {
  /** A project below a private home whose install scripts did not run: no library links. */
  async function privateHome(): Promise<string> {
    const home = join(root, "home");
    await mkdir(home, { mode: 0o700 });
    const { native, postgrest } = await installedBinaries();
    await cp(native, join(home, "native"), { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(await readFile(join(home, "native", "pg-symlinks.json"), "utf8"));
    for (const { target } of links) await rm(join(home, target), { force: true });
    await cp(postgrest, join(home, "postgrest"));
    vi.stubEnv("PULSEBOARD_POSTGRES_DIR", join(home, "native"));
    vi.stubEnv("PULSEBOARD_POSTGREST", join(home, "postgrest"));
    return home;
  }

  test("are copied to where they can be used, links and all, and come back warm", async () => {
    const home = await privateHome();
    dataDir = join(home, ".pulseboard", "stack");
    const first = await start({ dataDir });
    await query(first.dbUrl, "create table public.kept as select 7 as answer");
    await first.stop();
    const second = await start({ dataDir });
    expect(await query(second.dbUrl, "select answer from public.kept")).toEqual([{ answer: 7 }]);
    const outside = join("/var/tmp", clusterMark(dataDir));
    expect((await readdir(dataDir)).includes("cluster")).toBe(!isRoot);
    await expect(
      stat(outside).then(
        () => true,
        () => false,
      ),
    ).resolves.toBe(isRoot);
    if (!isRoot) expect(await stat(join(home, "native", "lib", "libpq.so.5"))).toBeDefined();
  });

  test.runIf(isRoot)(
    "start afresh when the data folder was deleted (root keeps the cluster elsewhere)",
    async () => {
      dataDir = join(await privateHome(), "stack");
      const first = await start({ dataDir });
      await first.stop();
      await rm(dataDir, { recursive: true });
      const second = await start({ dataDir });
      expect(second.publishableKey).not.toBe(first.publishableKey);
      expect((await get(second, "/rest/v1/")).status).toBe(200);
    },
  );

  test.runIf(isRoot)(
    "are removed with a data folder that was deleted (root keeps the cluster elsewhere)",
    async () => {
      const home = await privateHome();
      dataDir = join(home, "gone", "stack");
      const first = await start({ dataDir });
      await first.stop();
      const outside = join("/var/tmp", clusterMark(dataDir));
      expect(await readdir(outside)).toContain("cluster");
      await rm(join(home, "gone"), { recursive: true });
      dataDir = join(home, "stack");
      await start({ dataDir });
      await expect(stat(outside)).rejects.toThrow("ENOENT");
    },
  );

  test("make a throw-away stack leave nothing as well", async () => {
    await privateHome();
    const own = join(root, "tmp");
    await mkdir(own);
    await chmod(own, 0o1777);
    vi.stubEnv("TMPDIR", own);
    const stack = await start({ ephemeral: true });
    expect((await get(stack, "/rest/v1/")).status).toBe(200);
    await stack.stop();
    expect(await readdir(own)).toEqual([]);
  });
});

describe("a start that cannot be", () => {
  test.each([
    ["API", "--port", "PULSEBOARD_STACK_PORT", "gateway"],
    ["database", "--db-port", "PULSEBOARD_DB_PORT", "database"],
  ])(
    "says that the %s port is taken, and by which variable to change it",
    async (_name, option, variable, what) => {
      const taken = await occupiedPort();
      const stack = launch(["--ephemeral", "--no-seed", option, String(taken.port)]);
      await expect(stack.info).rejects.toThrow();
      expect(stack.output().stdout).toBe("");
      expect(stack.output().stderr.trim()).toBe(
        `Port ${taken.port} for the ${what} is taken by another program; stop that program or set ${variable} to a free port.`,
      );
      expect(stack.process.exitCode).toBe(1);
      await taken.free();
    },
  );

  test("names the launcher that has the folder", async () => {
    const first = launch(["--data-dir", dataDir, ...FREE_PORTS]);
    await first.info;
    const second = launch(["--data-dir", dataDir, ...FREE_PORTS]);
    await expect(second.info).rejects.toThrow(
      `The stack in ${dataDir} is already running (process ${first.process.pid}); stop it, or give this one its own folder with --data-dir.`,
    );
    expect(second.process.exitCode).toBe(1);
    expect((await get(await first.info, "/health")).status).toBe(200);
    expect(await first.end("SIGTERM")).toBe(0);
  });

  test("says what is wrong with a damaged database and leaves nothing running", async () => {
    const first = await start({ dataDir });
    await first.stop();
    await writeFile(join(dataDir, "cluster", "PG_VERSION"), "16\n");
    const failing = startStack({ dataDir, seed: false, apiPort: 0, dbPort: 0 });
    await expect(failing).rejects.toThrow(StackFault);
    await expect(failing).rejects.toThrow(/made by another Postgres version; move it away/);
    expect(await processesOf(dataDir)).toEqual([]);
    expect(await readdir(dataDir)).not.toContain("launcher.lock");
  });

  test.each([
    [["--ephemeral", "--data-dir", "x"], "--ephemeral and --data-dir exclude each other; drop one of them."],
    [["--port", "many"], '--port is "many", which is no port; use a number from 0 to 65535.'],
    [["--colour"], "Unknown option '--colour'"],
  ])("refuses the arguments %j", async (args, sentence) => {
    const stack = launch(args);
    await expect(stack.info).rejects.toThrow(sentence);
    expect(stack.process.exitCode).toBe(1);
  });

  test.runIf(isRoot && canMount())(
    "says that the disk is full (on a small disk, which only root can make)",
    async () => {
      await mkdir(dataDir);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=20m", "tmpfs", dataDir]);
      try {
        await expect(startStack({ dataDir, apiPort: 0, dbPort: 0 })).rejects.toThrow(
          /^Only (19|20) MB are free for the database in .* and it needs 150 MB; free some space or choose another/,
        );
      } finally {
        execFileSync("umount", [dataDir]);
      }
    },
  );
});

function canMount(): boolean {
  try {
    execFileSync("unshare", ["--mount", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
