/**
 * One launcher per data directory. The lock file names its holder by process id and start time, so a holder that
 * died is told from a live one even when its process id was given to another program since.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, StackFault } from "../stack-fault.ts";

/** `space` is the process-id namespace: in another container the same number is another process. */
type Holder = { pid: number; startedAt: string; space: string };

/**
 * Takes the lock of a data directory; call the result to give it back. Where a live process holds it, throws what
 * `refuse` makes of its id: else a `StackFault` that names it.
 */
export async function takeLock(
  dataDir: string,
  refuse: (pid: number) => Error | Promise<Error> = (pid) => heldFault(dataDir, pid),
): Promise<() => Promise<void>> {
  const file = join(dataDir, "launcher.lock");
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(holderOf(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      if (await linkOnce(draft, file)) return () => rm(file, { force: true });
      const holder = await readHolder(file);
      if (holder !== null && isAlive(holder)) throw await refuse(holder.pid);
      if (await takeOver(draft, file)) return () => rm(file, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether the launcher that held this data directory is known to be gone. */
export async function isAbandoned(dataDir: string): Promise<boolean> {
  const holder = await readHolder(join(dataDir, "launcher.lock"));
  return holder !== null && holder.space === processSpace() && !isAlive(holder);
}

function heldFault(dataDir: string, pid: number): StackFault {
  return new StackFault(
    `The stack in ${dataDir} is already running (process ${pid}); stop it, or give this one its own folder with --data-dir.`,
  );
}

async function linkOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Puts our draft in the place of a dead holder's file, in one step, so that the place is never free meanwhile. Only one
 * at a time may: who holds the second lock beside it.
 */
async function takeOver(draft: string, file: string): Promise<boolean> {
  const guard = `${file}.takeover`;
  if (!(await linkOnce(draft, guard))) {
    const other = await readHolder(guard);
    if (other !== null && !isAlive(other)) await rm(guard, { force: true });
    return false;
  }
  try {
    const holder = await readHolder(file);
    if (!existsSync(file) || (holder !== null && isAlive(holder))) return false;
    await rename(draft, file);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

async function readHolder(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch (error) {
    if (errorCode(error) === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

function isAlive(holder: Holder): boolean {
  return holderOf(holder.pid).startedAt === holder.startedAt;
}

function holderOf(pid: number): Holder {
  return { pid, startedAt: startTimeOf(pid), space: processSpace() };
}

/** In the system's own unit (Linux: clock ticks since boot); empty when there is no such process. */
function startTimeOf(pid: number): string {
  try {
    if (process.platform === "linux") {
      const afterName = (readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1) ?? "").split(" ");
      const isZombie = afterName[0] === "Z";
      return isZombie ? "" : (afterName[19] ?? "");
    }
    if (process.platform === "win32") return process.kill(pid, 0) ? "running" : "";
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

function processSpace(): string {
  return process.platform === "linux" ? readlinkSync("/proc/self/ns/pid") : "";
}
