"use client";

import { useEffect, useRef, useState } from "react";

/** A value that changes at most once per `periodMs`; the last change always arrives. */
export function useSampled<T>(value: T, periodMs: number): T {
  const [shown, show] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(value);

  useEffect(() => {
    latest.current = value;
    timer.current ??= setTimeout(() => {
      timer.current = null;
      show(latest.current);
    }, periodMs);
  }, [value, periodMs]);

  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return shown;
}
