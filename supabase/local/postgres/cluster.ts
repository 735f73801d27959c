/** Creates the database cluster of a stack once; a creation that was cut short leaves nothing that counts. */
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startChild } from "../process/child.ts";
import { readJsonFile, writeSecretFile } from "../process/json-file.ts";
import { StackFault } from "../stack-fault.ts";
import { programName } from "./binaries.ts";
import { explainPostgresFailure } from "./explain.ts";
import type { Layout } from "./layout.ts";

/** Passwords of the three login roles; random per data directory. */
export type DatabasePasswords = { supabase_admin: string; postgres: string; authenticator: string };

export type Cluster = { directory: string; passwords: DatabasePasswords };

/** The cluster of a layout, created on first use (about 0.7 s). */
export async function openCluster(layout: Layout, native: string): Promise<Cluster> {
  const directory = join(layout.runtimeDir, "cluster");
  const passwordFile = join(layout.dataDir, "database.json");
  const stored = await readJsonFile<DatabasePasswords>(
    passwordFile,
    `delete ${layout.dataDir} to start afresh`,
  );
  const exists = await isThere(directory);
  if (stored !== null && exists) return { directory, passwords: stored };
  if (exists) await forgetCluster(layout, directory, passwordFile);
  const passwords = stored ?? newPasswords();
  if (stored === null) await writeSecretFile(passwordFile, passwords);
  await createCluster(layout, native, directory, passwords.supabase_admin);
  return { directory, passwords };
}

/** A cluster outside the data directory whose data directory was deleted: deleting it was the wish to start afresh. */
async function forgetCluster(layout: Layout, directory: string, passwordFile: string): Promise<void> {
  if (layout.runtimeDir === layout.dataDir) {
    throw new StackFault(
      `${passwordFile} is missing, so the database in ${directory} cannot be opened; delete ${layout.dataDir} to start afresh.`,
    );
  }
  await rm(directory, { recursive: true, force: true });
}

async function createCluster(layout: Layout, native: string, directory: string, password: string) {
  const draft = `${directory}.new`;
  const passwordFile = join(layout.runtimeDir, "initdb-password");
  const logFile = join(layout.runtimeDir, "initdb.log");
  await rm(draft, { recursive: true, force: true });
  await rm(logFile, { force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (layout.account !== null) {
      await chown(draft, layout.account.uid, layout.account.gid);
      await chown(passwordFile, layout.account.uid, layout.account.gid);
    }
    const child = await startChild({
      command: join(native, "bin", programName("initdb")),
      args: initdbArguments(draft, passwordFile),
      cwd: draft,
      env: {},
      account: layout.account,
      deathSignal: "KILL",
      logFile,
    });
    const { code } = await child.exited;
    if (code !== 0) {
      throw new StackFault(explainPostgresFailure(await readFile(logFile, "utf8"), "initdb", 0));
    }
    await rename(draft, directory);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** Durability of these first files is not needed: a half-made cluster is thrown away. Sorting needs no system locale. */
function initdbArguments(directory: string, passwordFile: string): string[] {
  return [
    `--pgdata=${directory}`,
    "--username=supabase_admin",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
  ];
}

function newPasswords(): DatabasePasswords {
  const random = () => randomBytes(24).toString("base64url");
  return { supabase_admin: random(), postgres: random(), authenticator: random() };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
