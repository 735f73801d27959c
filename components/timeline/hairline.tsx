import { type Pointer, usePointed } from "#components/timeline/pointer.ts";
import type { TimeWindow } from "#components/timeline/time-scale.ts";

/** The pointer's moment as a line down a drawing; lies over it, in a box that is `relative` and hides what overflows. */
export function Hairline({ pointer, window }: { readonly pointer: Pointer; readonly window: TimeWindow }) {
  const pointed = usePointed(pointer);
  if (pointed === null) return null;
  const share = (pointed.atMs - window.fromMs) / (window.toMs - window.fromMs);
  if (share < 0 || share > 1) return null;
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 border-l border-accent"
      style={{ transform: `translateX(${share * 100}%)` }}
    />
  );
}
