import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nameSources } from "#scripts/build/sources.ts";
import { ROOT, toolPath } from "#scripts/paths.ts";
import { runTool } from "#scripts/processes/tool.ts";

/** `reused`: the last build was made from these very sources. */
export type BuildResult = { ok: true; reused: boolean } | { ok: false; output: string };

type Options = {
  /** Called when there is something to build. */
  onStart?: () => void;
  /** Ends the build early. */
  signal?: AbortSignal;
};

const DIST = join(ROOT, process.env["PULSEBOARD_DIST"] ?? ".next");
const BUILD_ID = join(DIST, "BUILD_ID");
const STAMP = join(DIST, "pulseboard-sources");

/**
 * Builds the web app for production, unless that has been done from the same sources. One build serves every
 * configuration, because configuration is read when the server runs.
 */
export async function build(options: Options = {}): Promise<BuildResult> {
  const sources = await nameSources(ROOT);
  if ((await lastBuild()) === sources) return { ok: true, reused: true };
  options.onStart?.();
  await rm(STAMP, { force: true });
  const { code, output } = await runTool(toolPath("next"), ["build"], {
    show: false,
    ...(options.signal && { signal: options.signal }),
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (code !== 0 || !existsSync(BUILD_ID)) return { ok: false, output };
  await writeFile(STAMP, sources);
  return { ok: true, reused: false };
}

/** Name of the sources of the build that is there; undefined when there is none that ended well. */
async function lastBuild(): Promise<string | undefined> {
  if (!existsSync(BUILD_ID)) return undefined;
  return await readFile(STAMP, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
