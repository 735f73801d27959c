import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "#lib/data-folder.ts";
import { AlreadyRunning } from "#scripts/start/start-fault.ts";
import { takeLock } from "#supabase/local/process/lock.ts";

/** A data folder that is ours until it is given back. */
type HeldFolder = {
  /** Tells whoever starts Pulseboard a second time where this one is. */
  publish(address: string): Promise<void>;
  release(): Promise<void>;
};

/** Takes a data folder for one Pulseboard; rejects with AlreadyRunning, which names the one that has it, and its page. */
export async function holdFolder(dataDir: string): Promise<HeldFolder> {
  await makeFolder(dataDir);
  const note = join(dataDir, "address");
  const giveBack = await takeLock(dataDir, (pid) => alreadyRunning(note, pid));
  await rm(note, { force: true });
  return {
    publish: (address) => writeFile(note, address, { mode: 0o600 }),
    async release() {
      await rm(note, { force: true });
      await giveBack();
    },
  };
}

async function alreadyRunning(note: string, pid: number): Promise<AlreadyRunning> {
  const address = await readFile(note, "utf8").catch(() => "");
  if (address === "")
    return new AlreadyRunning(
      `Pulseboard of this folder is already being started (process ${pid}); wait for that one.`,
    );
  return new AlreadyRunning(
    `Pulseboard of this folder is already running at ${address} (process ${pid}); open that page, or stop it with Ctrl-C where it was started.`,
  );
}
