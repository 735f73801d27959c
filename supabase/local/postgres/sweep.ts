import { readdir, realpath, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readJsonFile, writeSecretFile } from "../process/json-file.ts";
import { isAbandoned } from "../process/lock.ts";
import { clusterMark, endMarkedProcesses } from "../process/orphans.ts";

/** How the temporary folders of throw-away stacks begin. */
export const EPHEMERAL_PREFIX = "pulseboard-stack-";

/** Removes what throw-away stacks left in a temporary folder because their launcher was killed. */
export async function sweepAbandoned(base: string): Promise<void> {
  const root = await realpath(base);
  const names = await readdir(root).catch(() => []);
  for (const name of names.filter((entry) => entry.startsWith(EPHEMERAL_PREFIX))) {
    const folder = join(root, name);
    const owner = await stat(folder).catch(() => null);
    if (owner === null || owner.uid !== process.getuid?.()) continue;
    if (await isAbandoned(folder).catch(() => false)) await removeStack(folder, clusterMark(folder));
  }
}

/** Whose cluster an outside folder holds, and on which disk that data directory was. */
type Origin = { dataDir: string; device: number };

/** Notes in an outside folder which data directory it serves. */
export async function noteOrigin(outside: string, dataDir: string): Promise<void> {
  const { dev } = await stat(dataDir);
  await writeSecretFile(join(outside, "origin.json"), { dataDir, device: dev } satisfies Origin);
}

/**
 * Removes outside folders whose data directory was deleted. One whose disk is merely not mounted stays: the folder
 * that is left at its place is on another device.
 */
export async function sweepForsaken(base: string): Promise<void> {
  for (const name of await readdir(base).catch(() => [])) {
    if (!/^pulseboard-[0-9a-f]{12}$/.test(name)) continue;
    const outside = join(base, name);
    const owner = await stat(outside).catch(() => null);
    if (owner === null || owner.uid !== process.getuid?.()) continue;
    const origin = await readJsonFile<Origin>(join(outside, "origin.json"), "delete it").catch(() => null);
    if (origin !== null && (await isDeleted(origin))) await removeStack(outside, name);
  }
}

async function isDeleted({ dataDir, device }: Origin): Promise<boolean> {
  for (let path = dataDir; ; path = dirname(path)) {
    const info = await stat(path).catch(() => null);
    if (info !== null) return path !== dataDir && info.dev === device;
  }
}

async function removeStack(folder: string, mark: string): Promise<void> {
  await endMarkedProcesses("postgrest", mark);
  await endMarkedProcesses("postgres", mark);
  await rm(folder, { recursive: true, force: true });
}
