"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type DurationMs, durationMs, type EpochMs, epochMs } from "#lib/time.ts";

interface ServerClock {
  /** The server's time when last ticked; the only "now" a screen may use. */
  readonly now: EpochMs;
  /** Server minus browser. Better estimates come from the feed. */
  readonly offset: DurationMs;
  readonly setOffset: (offset: DurationMs) => void;
}

const Context = createContext<ServerClock | null>(null);

interface ServerClockProviderProps {
  /** The server's time when it drew the page: the browser's first drawing must say the same. */
  readonly drawnAt: EpochMs;
  readonly children: ReactNode;
}

/** The one place where a page reads the browser's clock, corrected to the server's. Ticks on the whole second. */
export function ServerClockProvider({ drawnAt, children }: ServerClockProviderProps) {
  const [now, setNow] = useState(drawnAt);
  const [offset, setOffset] = useState(durationMs(0));
  const isMeasured = useRef(false);

  useEffect(() => {
    if (!isMeasured.current) setOffset(durationMs(drawnAt - Date.now()));
    isMeasured.current = true;
  }, [drawnAt]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const tick = () => {
      const time = Date.now() + offset;
      setNow(epochMs(time));
      timer = setTimeout(tick, 1005 - (time % 1000));
    };
    if (isMeasured.current) tick();
    return () => clearTimeout(timer);
  }, [offset]);

  const adopt = useCallback(
    (better: DurationMs) => setOffset((known) => (Math.abs(known - better) < 5 ? known : better)),
    [],
  );
  const clock = useMemo(() => ({ now, offset, setOffset: adopt }), [now, offset, adopt]);
  return <Context value={clock}>{children}</Context>;
}

export function useServerClock(): ServerClock {
  const clock = useContext(Context);
  if (!clock) throw new Error("useServerClock outside ServerClockProvider");
  return clock;
}
