import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { takeInstallLock } from "./install-lock.mjs";
import { missingPackage } from "./missing-package.mjs";
import { npmCi } from "./npm-ci.mjs";
import { whenToldToEnd } from "./told-to-end.mjs";

const LOOK_AGAIN_MS = 200;

/**
 * Installs the dependencies that are missing, one start at a time. Resolves to nothing when all are there, to the
 * sentence of a failure, or to the signal that ended it; then nothing of it is left running.
 *
 * @param {string} root
 * @returns {Promise<{ failure?: string, endedBy?: string }>}
 */
export async function installMissing(root) {
  if (missingPackage(root) === undefined) return {};
  const ending = new AbortController();
  const listenNoMore = whenToldToEnd((signal) => ending.abort(signal));
  try {
    const lock = await lockOf(root, ending.signal);
    if (lock === undefined) return { endedBy: ending.signal.reason };
    try {
      return await install(root, lock, ending.signal);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (error.code === undefined) throw error;
    return { failure: failureOf(`npm error code ${error.code}\n${error.message}`, error.code) };
  } finally {
    listenNoMore();
  }
}

/** The lock, as soon as nobody has it; undefined when told to end before. */
async function lockOf(root, signal) {
  for (let waits = 0; !signal.aborted; waits += 1) {
    const lock = takeInstallLock(root);
    if (lock.heldBy === undefined) return lock;
    if (waits === 0)
      console.error(`Dependencies are being installed by process ${lock.heldBy}; waiting for it …`);
    await delay(LOOK_AGAIN_MS);
  }
  return undefined;
}

async function install(root, lock, signal) {
  const missing = missingPackage(root);
  if (missing === undefined) return {};
  const reason = existsSync(join(root, "node_modules")) ? ` (${missing} is missing)` : "";
  console.error(`Installing dependencies${reason} …`);
  const began = Date.now();
  // npm writes this note last; without it an install that is cut short from here on is seen as one.
  rmSync(join(root, "node_modules", ".package-lock.json"), { force: true });
  const { code, output } = await npmCi(root, { signal, onStart: lock.share });
  if (signal.aborted) return { endedBy: signal.reason };
  if (code !== 0) return { failure: failureOf(output, code) };
  console.error(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
  return {};
}

/** The sentence for an install that failed, from what npm printed and the code it ended with. */
export function failureOf(output, code) {
  if (output === "" && /^E[A-Z]+$/.test(code))
    return `dependencies could not be installed: npm could not be run (${code}); install npm and start again.`;
  return `dependencies could not be installed (${reasonIn(output) ?? `npm ended with ${code}`}); ${remedyFor(output)}.`;
}

function remedyFor(output) {
  const code = /^npm (?:error|ERR!) code (\w+)$/m.exec(output)?.[1] ?? "";
  if (/^(ENOTEMPTY|EEXIST|EBUSY|ENOENT)$/.test(code)) return "delete node_modules and start again";
  if (/^(ENOSPC|EDQUOT)$/.test(code)) return "free some space and start again";
  if (/^(EACCES|EPERM|EROFS)$/.test(code)) return "start as the account that owns this folder";
  return 'check the network, and run "npm ci" to see more';
}

/** The line of npm's error that tells a person something: why a request failed, else the first whole sentence. */
function reasonIn(output) {
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  const request = lines.map((line) => /reason: (.+)/.exec(line)?.[1]).find(Boolean);
  return request ?? lines.find((line) => line.split(" ").length > 3 && !line.startsWith("A complete log"));
}
