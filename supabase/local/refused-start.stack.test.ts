/** What a start says that cannot be, and that it leaves nothing running. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startStack } from "./stack.ts";
import { StackFault } from "./stack-fault.ts";
import { FREE_PORTS, get, isRoot, processesOf, query, stackLife } from "./test-life.ts";

const life = stackLife();

async function occupiedPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { port, free: () => new Promise((resolve) => server.close(resolve)) };
}

describe("a start that cannot be", () => {
  test.each([
    ["API", "--port", "PULSEBOARD_STACK_PORT", "gateway"],
    ["database", "--db-port", "PULSEBOARD_DB_PORT", "database"],
  ])(
    "says that the %s port is taken, and by which variable to change it",
    async (_name, option, variable, what) => {
      const taken = await occupiedPort();
      const stack = life.launch(["--ephemeral", "--no-seed", option, String(taken.port)]);
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
    const first = life.launch(["--data-dir", life.dataDir, ...FREE_PORTS]);
    await first.info;
    const second = life.launch(["--data-dir", life.dataDir, ...FREE_PORTS]);
    await expect(second.info).rejects.toThrow(
      `The stack in ${life.dataDir} is already running (process ${first.process.pid}); stop it, or give this one its own folder with --data-dir.`,
    );
    expect(second.process.exitCode).toBe(1);
    expect((await get(await first.info, "/health")).status).toBe(200);
    expect(await first.end("SIGTERM")).toBe(0);
  });

  test("says what is wrong with a damaged database and leaves nothing running", async () => {
    const first = await life.start({ dataDir: life.dataDir });
    await first.stop();
    await writeFile(join(life.dataDir, "cluster", "PG_VERSION"), "16\n");
    const failing = startStack({ dataDir: life.dataDir, seed: false, apiPort: 0, dbPort: 0 });
    await expect(failing).rejects.toThrow(StackFault);
    await expect(failing).rejects.toThrow(/made by another Postgres version; move it away/);
    expect(await processesOf(life.dataDir)).toEqual([]);
    expect(await readdir(life.dataDir)).not.toContain("launcher.lock");
  });

  test("says which version made a folder whose migrations have another text, and how to start beside it", async () => {
    const first = await startStack({ dataDir: life.dataDir, seed: false, apiPort: 0, dbPort: 0 });
    await query(
      first.dbUrl,
      "update supabase_migrations.schema_migrations set statements = array['select 1'] where version = '0004'",
    );
    await first.stop();
    const failing = startStack({ dataDir: life.dataDir, seed: false, apiPort: 0, dbPort: 0 });
    await expect(failing).rejects.toThrow(
      "The data folder was made by another version of Pulseboard, whose 0004_recipes.sql has another text, and was left as it is; start that version again, or name a new folder in PULSEBOARD_DATA_DIR.",
    );
    expect(await processesOf(life.dataDir)).toEqual([]);
  });

  test.each([
    [["--ephemeral", "--data-dir", "x"], "--ephemeral and --data-dir exclude each other; drop one of them."],
    [["--port", "many"], '--port is "many", which is no port; use a number from 0 to 65535.'],
    [["--colour"], "there is no option --colour."],
  ])("refuses the arguments %j", async (args, sentence) => {
    const stack = life.launch(args);
    await expect(stack.info).rejects.toThrow(sentence);
    expect(stack.process.exitCode).toBe(1);
  });

  test.runIf(isRoot && canMount())(
    "says that the disk is full (on a small disk, which only root can make)",
    async () => {
      await mkdir(life.dataDir);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=20m", "tmpfs", life.dataDir]);
      try {
        await expect(startStack({ dataDir: life.dataDir, apiPort: 0, dbPort: 0 })).rejects.toThrow(
          /^Only (19|20) MB are free for the database in .* and it needs 150 MB; free some space or choose another/,
        );
      } finally {
        execFileSync("umount", [life.dataDir]);
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
