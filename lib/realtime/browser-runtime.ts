import { type EpochMs, epochMs } from "#lib/time.ts";
import type { Runtime, Surrounding } from "./runtime.ts";

/** A hidden page paints no frames; it is told of changes this often instead. */
const HIDDEN_FRAME_MS = 1_000;
const TICK_MS = 5_000;
const SLEPT_MS = 15_000;

/** The runtime of a real browser. Touches nothing until it is used. */
export const browserRuntime: Runtime = {
  now: (): EpochMs => epochMs(performance.timeOrigin + performance.now()),
  wall: (): EpochMs => epochMs(Date.now()),
  random: () => Math.random(),
  after: (delay, run) => {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
  frame: (run) => {
    if (document.hidden) {
      const timer = setTimeout(run, HIDDEN_FRAME_MS);
      return () => clearTimeout(timer);
    }
    const frame = requestAnimationFrame(run);
    return () => cancelAnimationFrame(frame);
  },
  isHidden: () => document.hidden,
  isOnline: () => navigator.onLine,
  watch,
};

function watch(listener: (event: Surrounding) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener("visibilitychange", () => listener(document.hidden ? "hidden" : "shown"), {
    signal,
  });
  addEventListener("online", () => listener("online"), { signal });
  addEventListener("offline", () => listener("offline"), { signal });
  addEventListener("pagehide", () => listener("leaving"), { signal });
  addEventListener("pageshow", (event) => event.persisted && listener("resumed"), { signal });
  let ticked = Date.now();
  const ticker = setInterval(() => {
    const late = Date.now() - ticked;
    ticked = Date.now();
    // A hidden page's timers are slowed down, which looks like sleep and is not. A clock set forward looks like it too:
    // then a whole feed is built anew for nothing, which nobody sees.
    if (late > SLEPT_MS && !document.hidden) listener("resumed");
  }, TICK_MS);
  signal.addEventListener("abort", () => clearInterval(ticker));
  return () => stop.abort();
}
