import { readdir, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
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
    if (!(await isAbandoned(folder).catch(() => false))) continue;
    await endMarkedProcesses("postgrest", clusterMark(folder));
    await endMarkedProcesses("postgres", clusterMark(folder));
    await rm(folder, { recursive: true, force: true });
  }
}
