import { useLayoutEffect, useRef } from "react";
import type { Pointer } from "#components/timeline/pointer.ts";
import type { TimeWindow } from "#components/timeline/time-scale.ts";

/** The pointer's moment as a line down a drawing; lies over it, in a box that is `relative` and hides what overflows. */
export function Hairline({ pointer, window }: { readonly pointer: Pointer; readonly window: TimeWindow }) {
  const line = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = () => {
      if (!line.current) return;
      const atMs = pointer.read()?.atMs ?? Number.NaN;
      const share = (atMs - window.fromMs) / (window.toMs - window.fromMs);
      line.current.hidden = !(share >= 0 && share <= 1);
      line.current.style.transform = `translateX(${share * 100}%)`;
    };
    place();
    return pointer.listen(place);
  }, [pointer, window]);
  return (
    <div
      ref={line}
      hidden
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 border-l border-accent"
    />
  );
}
