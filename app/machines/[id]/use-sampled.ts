"use client";

import { useEffect, useRef, useState } from "react";

/** A value that changes at most once per `periodMs`, and not at all while `isWatched` is false; the last change arrives. */
export function useSampled<T>(value: T, periodMs: number, isWatched: boolean): T {
  const [shown, show] = useState(value);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    latest.current = value;
    if (!isWatched || value === shown) return;
    timer.current ??= setTimeout(() => {
      timer.current = null;
      show(latest.current);
    }, periodMs);
  }, [value, shown, periodMs, isWatched]);

  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return shown;
}
