import { useEffect, useState } from "react";

/** `asking` at first; `asleep`: this browser lets the screen go dark. */
export type WakeLockState = "asking" | "awake" | "asleep";

/** Keeps the screen from going dark while `isWanted`. A browser lets go when the page is hidden, so it is asked again. */
export function useWakeLock(isWanted: boolean): WakeLockState {
  const [state, setState] = useState<WakeLockState>("asking");
  useEffect(() => {
    if (!isWanted) return;
    const left = new AbortController();
    const { signal } = left;
    let held: WakeLockSentinel | null = null;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      const lock = await navigator.wakeLock?.request("screen").catch(() => null);
      if (signal.aborted) return void lock?.release();
      held = lock ?? null;
      setState(lock ? "awake" : "asleep");
      lock?.addEventListener("release", () => setState("asleep"), { signal });
    };
    void ask();
    document.addEventListener("visibilitychange", () => void ask(), { signal });
    return () => {
      left.abort();
      void held?.release();
    };
  }, [isWanted]);
  return state;
}
