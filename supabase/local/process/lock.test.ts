import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StackFault } from "../stack-fault.ts";
import { isAbandoned, takeLock } from "./lock.ts";

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pulseboard-lock-"));
  file = join(dir, "launcher.lock");
});
afterEach(() => rm(dir, { recursive: true }));

const ownHolder = async () => {
  const release = await takeLock(dir);
  const holder = JSON.parse(await readFile(file, "utf8"));
  await release();
  return holder;
};

describe("takeLock", () => {
  test("is exclusive until it is given back, and leaves nothing", async () => {
    const release = await takeLock(dir);
    const second = takeLock(dir);
    await expect(second).rejects.toThrow(StackFault);
    await expect(second).rejects.toThrow(`already running (process ${process.pid})`);
    await release();
    await (await takeLock(dir))();
    expect(await readdir(dir)).toEqual([]);
  });

  test("gives one of many at once the lock of a dead holder", async () => {
    await writeFile(file, JSON.stringify({ ...(await ownHolder()), pid: 2 ** 22 + 1 }));
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(dir)));
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("passes to the next when the holder's process id belongs to another program now", async () => {
    await writeFile(file, JSON.stringify({ ...(await ownHolder()), startedAt: "1" }));
    expect(await isAbandoned(dir)).toBe(true);
    await (await takeLock(dir))();
  });

  test("passes to the next when the holder was killed but its parent has not noticed", async () => {
    if (process.platform !== "linux") return;
    const shell = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [output] = await once(shell.stdout, "data");
    const pid = Number(String(output));
    const startedAt = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19];
    await writeFile(file, JSON.stringify({ ...(await ownHolder()), pid, startedAt }));
    await expect(takeLock(dir)).rejects.toThrow(`process ${pid}`);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "utf8")).toContain(") Z ");
    await (await takeLock(dir))();
    shell.kill("SIGKILL");
  });

  test("treats a half-written lock as nobody's", async () => {
    await writeFile(file, "");
    await (await takeLock(dir))();
  });

  test("does not call a folder of another container abandoned", async () => {
    await writeFile(file, JSON.stringify({ ...(await ownHolder()), startedAt: "1", space: "pid:[1]" }));
    expect(await isAbandoned(dir)).toBe(false);
  });
});
