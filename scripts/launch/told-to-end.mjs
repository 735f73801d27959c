import { readFileSync } from "node:fs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const PARENT_CHECK_MS = 500;

/**
 * Calls back with the name of every signal that asks us to end, and with SIGTERM when the npm that started us is gone.
 * Call the result to listen no more.
 */
export function whenToldToEnd(onTold) {
  const listeners = SIGNALS.map((signal) => [signal, () => onTold(signal)]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const watch = watchNpm(() => onTold("SIGTERM"));
  return () => {
    clearInterval(watch);
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}

/**
 * `kill <npm>` ends npm and perhaps its shell, but not us: under npm, a parent that changes means that npm is gone.
 * Not started by npm, a changed parent is somebody's `nohup`, and nothing to act on.
 */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const before = ancestors().join();
  const timer = setInterval(() => {
    if (ancestors().join() === before) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
  return timer;
}

/** The parent and, where the parent is npm's shell and the system tells (Linux), the parent of that. */
function ancestors() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const above = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
    return /^(sh|dash|bash|ash|busybox)$/.test(name) ? [parent, above] : [parent];
  } catch {
    // No /proc on this system, or the parent went away while we looked.
    return [parent];
  }
}
