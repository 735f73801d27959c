/**
 * Finds Postgres and PostgREST processes that belong to one data directory, so a start after a crash of the
 * launcher can end them. A process counts as ours only when its program name is one of the two and the mark
 * of the data directory is in its command line (Postgres shows `cluster_name` in every process title).
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { errorCode } from "../stack-fault.ts";

const run = promisify(execFile);

/** The mark of a data directory (its real path) in process titles and file names: `pulseboard-` and 12 hex digits. */
export function clusterMark(dataDir: string): string {
  return `pulseboard-${createHash("sha256").update(dataDir).digest("hex").slice(0, 12)}`;
}

export type Program = "postgres" | "postgrest";

/** Process ids of a program that carry this mark. */
export async function markedProcesses(program: Program, mark: string): Promise<number[]> {
  const all = process.platform === "linux" ? await linuxProcesses() : await unixProcesses();
  return all.filter(({ command }) => isOurs(command, program, mark)).map(({ pid }) => pid);
}

/** Ends every process of a program with this mark, politely first, and waits until they are gone. */
export async function endMarkedProcesses(program: Program, mark: string): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ["SIGINT", 3000],
    ["SIGKILL", 3000],
  ];
  for (const [signal, patienceMs] of steps) {
    const pids = await markedProcesses(program, mark);
    if (pids.length === 0) return;
    for (const pid of pids) signalIfThere(pid, signal);
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline && (await markedProcesses(program, mark)).length > 0) await delay(20);
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
}

function isOurs(command: string, program: Program, mark: string): boolean {
  const name = basename(command.split(/[\0 ]/, 1)[0] ?? "").replace(/:$/, "");
  return (name === program || name.startsWith(`${program}-`)) && command.includes(mark);
}

type Running = { pid: number; command: string };

async function linuxProcesses(): Promise<Running[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = async (pid: string): Promise<Running> => ({
    pid: Number(pid),
    command: await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
  });
  return Promise.all(pids.map(read));
}

async function unixProcesses(): Promise<Running[]> {
  if (process.platform === "win32") return [];
  const { stdout } = await run("ps", ["-axww", "-o", "pid=,command="], { maxBuffer: 1 << 24 });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && command ? [{ pid: Number(pid), command }] : [];
  });
}
