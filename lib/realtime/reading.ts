import { ReadFault } from "#lib/supabase/call.ts";
import { durationMs } from "#lib/time.ts";
import type { Runtime } from "./runtime.ts";

/** What was read last, if anything, and whether it failed since. */
export type Reading<T> = { data: T | null; hasFailed: boolean };

type Wish<T> = {
  runtime: Runtime;
  read: (signal: AbortSignal) => Promise<T>;
  /** ms from an answer to the next question; null: one answer is enough. */
  everyMs: number | null;
  heard: (answer: { data: T } | "failed") => void;
};

const AFTER_FAULT_MS = 4_000;

/** Reads at once and then again, for as long as the page is seen; what failed is asked again. The answer ends it. */
export function keepReading<T>({ runtime, read, everyMs, heard }: Wish<T>): () => void {
  const over = new AbortController();
  let cancel: (() => void) | null = null;
  let isDue = false;

  const attempt = async (): Promise<void> => {
    isDue = runtime.isHidden();
    if (isDue) return;
    const answer = await read(over.signal).then(
      (data) => ({ data }),
      (fault: unknown) => {
        // What was no refusal is a defect: whoever listens for errors hears of it, and the page asks on.
        if (!(fault instanceof ReadFault || over.signal.aborted)) {
          queueMicrotask(() => {
            throw fault;
          });
        }
        return "failed" as const;
      },
    );
    if (over.signal.aborted) return;
    heard(answer);
    const pause = answer === "failed" ? (everyMs ?? AFTER_FAULT_MS) : everyMs;
    if (pause !== null) cancel = runtime.after(durationMs(pause), () => void attempt());
  };

  const unwatch = runtime.watch((event) => {
    if (event === "shown" && isDue) void attempt();
  });
  void attempt();
  return () => {
    over.abort();
    cancel?.();
    unwatch();
  };
}
