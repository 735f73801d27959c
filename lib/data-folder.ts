import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** Where Pulseboard keeps its data on this machine: PULSEBOARD_DATA_DIR, which counts as not set when empty. */
export function dataDirOf(environment: Record<string, string | undefined>): string {
  return environment["PULSEBOARD_DATA_DIR"]?.trim() || join(REPOSITORY, ".pulseboard");
}

/**
 * Makes a folder and those above it, where they are missing. One by one: Node's own recursive mkdir never ends below
 * a folder that says of every new one that it does not exist, as /proc does.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const parent = dirname(path);
    const isParentMissing = codeOf(error) === "ENOENT" && parent !== path && !(await isFolder(parent));
    if (!isParentMissing) throw error;
    await makeFolder(parent);
    await makeFolder(path);
  }
}

/** Takes a folder away in which nothing was put; one that holds something, or cannot be taken away, stays. */
export async function dropEmptyFolder(path: string): Promise<void> {
  await rmdir(path).catch(() => undefined);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
