"use client";

import { useEffect, useRef, useState } from "react";
import { browserRuntime } from "./browser-runtime.ts";
import { keepReading, type Reading } from "./reading.ts";

const NOTHING = { data: null, hasFailed: false };

/**
 * What a live page reads beside its feed, again every `everyMs` after an answer (null: once) while the page is seen. Another
 * `key` is another question; null asks nothing. For what is read on demand and kept, there is the query library.
 */
export function useReading<T>(
  key: string | null,
  everyMs: number | null,
  read: (signal: AbortSignal) => Promise<T>,
): Reading<T> {
  const [kept, keep] = useState<Reading<T> & { key: string | null }>({ key, ...NOTHING });
  const reader = useRef(read);
  useEffect(() => {
    reader.current = read;
  });
  useEffect(() => {
    if (key === null) return;
    return keepReading<T>({
      runtime: browserRuntime,
      read: (signal) => reader.current(signal),
      everyMs,
      heard: (answer) =>
        keep((before) =>
          answer === "failed"
            ? { key, data: before.key === key ? before.data : null, hasFailed: true }
            : { key, data: answer.data, hasFailed: false },
        ),
    });
  }, [key, everyMs]);
  return kept.key === key ? kept : NOTHING;
}
