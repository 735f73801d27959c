// One install per folder: two at once would rename folders under each other's feet and leave half of each. The lock
// names the processes that work under it, so one that was left behind by a killed start is told from a live one.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Takes the lock of a folder, or tells the id of the live process that has it. Everything is done at once, between two
 * signals, so that nobody dies with it half taken.
 *
 * @param {string} root
 * @returns {{ heldBy: number } | { heldBy: undefined, share(pid: number): void, release(): void }}
 */
export function takeInstallLock(root) {
  const file = join(root, ".install.lock");
  const draft = `${file}.${process.pid}`;
  writeHolders(draft, [process.pid]);
  try {
    for (;;) {
      if (linkOnce(draft, file)) return held(file, draft);
      const heldBy = liveHolder(file);
      if (heldBy !== undefined) return { heldBy };
      putAside(file, `${draft}.dead`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function held(file, draft) {
  return {
    heldBy: undefined,
    /** Another process now works under the lock, and may outlive us. */
    share(pid) {
      writeHolders(draft, [process.pid, pid]);
      renameSync(draft, file);
    },
    release: () => rmSync(file, { force: true }),
  };
}

function linkOnce(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Frees the place of a dead holder's file; where somebody else did so just now and took it, it is given back. */
function putAside(file, aside) {
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (liveHolder(aside) !== undefined) linkOnce(aside, file);
  rmSync(aside, { force: true });
}

function writeHolders(file, pids) {
  writeFileSync(file, JSON.stringify(pids.map((pid) => ({ pid, startedAt: startTimeOf(pid) }))));
}

function liveHolder(file) {
  try {
    const holders = JSON.parse(readFileSync(file, "utf8"));
    return holders.find(({ pid, startedAt }) => isRunning(pid) && startTimeOf(pid) === startedAt)?.pid;
  } catch {
    // Gone meanwhile, or emptied by a loss of power: nobody's.
    return undefined;
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Clock ticks since boot, which a later process of the same id does not share; empty where the system does not tell. */
function startTimeOf(pid) {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return afterName[0] === "Z" ? "ended" : (afterName[19] ?? "");
  } catch {
    return "";
  }
}
