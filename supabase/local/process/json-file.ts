import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { errorCode, StackFault } from "../stack-fault.ts";

/** The content of a JSON file of ours, null when there is none; a damaged one is a `StackFault` with this remedy. */
export async function readJsonFile<T>(file: string, remedy: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    if (error instanceof SyntaxError)
      throw new StackFault(`${file} is damaged; ${remedy}.`, { cause: error });
    throw error;
  }
}

/** Writes a secret whole or not at all, readable by its owner only. */
export async function writeSecretFile(file: string, content: unknown): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(content, null, 2), { mode: 0o600 });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
