import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "#scripts/paths.ts";

const run = promisify(execFile);

/**
 * A copy of this clone as it stands, uncommitted changes included, with its dependencies but without anything a start
 * leaves behind. Dependencies are hard links where the file system allows it: linking takes seconds, copying a minute.
 */
export async function freshCopy(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "pulseboard-copy-"));
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
  });
  for (const file of stdout.split("\0").filter(Boolean)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      // Listed because it is committed, and deleted since.
      if (error.code !== "ENOENT") throw error;
    });
  }
  const modules = [join(ROOT, "node_modules"), join(folder, "node_modules")];
  await run("cp", ["-al", ...modules]).catch(() => run("cp", ["-a", ...modules]));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Takes away what a start left behind, so that the next one is cold again. */
export async function makeCold(folder: string): Promise<void> {
  for (const name of [".next", ".pulseboard", "node_modules/.cache"]) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
