import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { WATCH } from "./run-to-the-end.mjs";

/** For npm to leave its cache in order; what it would roll back is installed anew anyway. */
const PATIENCE_MS = 2000;
const LOOK_AGAIN_MS = 20;
const HAS_GROUPS = process.platform !== "win32";

/**
 * Runs `npm ci` and resolves, when nothing of it is left, to its exit code and what it said. It runs in a process group
 * of its own: told to end, npm by itself would finish what it is at, in the background, under the next install's feet.
 */
export async function npmCi(root, { signal, onStart }) {
  const [program, ...first] = npm();
  const child = spawn(program, [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    detached: HAS_GROUPS,
    env: { ...process.env, PULSEBOARD_WATCHED_BY: String(process.pid) },
    stdio: ["ignore", "ignore", "pipe", ...(first.length > 0 ? ["ipc"] : [])],
    shell: !HAS_GROUPS && first.length === 0,
  });
  if (child.pid !== undefined) onStart(child.pid);
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const closed = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.code));
    child.on("close", (code, killedBy) => resolve(code ?? killedBy));
  });
  const asked = new Promise((resolve) => {
    signal.addEventListener("abort", resolve, { once: true });
  });
  if (signal.aborted || (await Promise.race([closed.then(() => "closed"), asked])) !== "closed") {
    await end(child, closed);
  }
  return { code: await closed, output };
}

/** The npm that started us when there is one: it need not be on the path. */
function npm() {
  const self = process.env.npm_execpath;
  return self?.endsWith(".js") ? [process.execPath, "--import", WATCH, self] : ["npm"];
}

async function end(child, closed) {
  signalAll(child, "SIGTERM");
  await Promise.race([closed, delay(PATIENCE_MS)]);
  const deadline = Date.now() + PATIENCE_MS;
  while (signalAll(child, "SIGKILL") && Date.now() < deadline) await delay(LOOK_AGAIN_MS);
}

/** Whether there was anything left to signal. */
function signalAll(child, signal) {
  if (!HAS_GROUPS || child.pid === undefined) return child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code === "ESRCH") return false;
    throw error;
  }
}
