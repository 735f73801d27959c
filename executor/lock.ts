import { open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "#lib/data-folder.ts";

/** Why the program does not start, which the person who started it can mend; the message follows "… did not start:". */
export class ExecutorFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ExecutorFault";
  }
}

/**
 * Takes a folder for this process: two controllers of one name would push each other off their machines for ever.
 * A lock left by a process that is gone is taken over. Throws an ExecutorFault when the folder is taken.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "executor.lock");
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if (await create(path).catch(refuseFolder(folder))) return () => rm(path, { force: true });
    const owner = Number((await read(path)).trim());
    if (isAlive(owner)) {
      throw new ExecutorFault(`process ${owner} already serves ${folder}; end it first.`);
    }
    await rm(path, { force: true });
  }
  throw new ExecutorFault(`${path} keeps coming back; end the other executor first.`);
}

const refuseFolder =
  (folder: string) =>
  (error: unknown): never => {
    const code = codeOf(error);
    if (code === "") throw error;
    throw new ExecutorFault(
      `${folder} cannot be written to (${code}); name another with PULSEBOARD_DATA_DIR.`,
    );
  };

async function create(path: string): Promise<boolean> {
  await makeFolder(dirname(path));
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
