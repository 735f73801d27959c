"use client";

import { type KeyboardEvent, type PointerEvent, useCallback, useMemo } from "react";
import { drawStrobe } from "#components/strobe/draw-strobe.ts";
import { type CellPlace, cellAfter, cellAt, strobeLayout } from "#components/strobe/layout.ts";
import type { StrobeMark } from "#components/strobe/marks.ts";
import type { Measure, ShadedPhase } from "#components/strobe/shade.ts";
import { useCanvas } from "#components/timeline/use-canvas.ts";
import { useWidth } from "#components/timeline/use-width.ts";
import type { CycleRow } from "#lib/model/cycles.ts";

interface StrobeProps {
  readonly label: string;
  readonly phases: readonly ShadedPhase[];
  readonly rows: readonly CycleRow[];
  readonly measure: Measure;
  readonly marks: readonly StrobeMark[];
  readonly chosen: CellPlace | null;
  readonly onChoose: (place: CellPlace) => void;
  /** What the pointer is on; null when it leaves. */
  readonly onHover: (place: CellPlace | null) => void;
}

/** All cycles of a run laid upon each other: a row per cycle, a column per step of the cycle. Arrow keys move the choice. */
export function Strobe({ label, phases, rows, measure, marks, chosen, onChoose, onHover }: StrobeProps) {
  const [box, width] = useWidth(900);
  const layout = useMemo(() => strobeLayout(phases, rows.length, width), [phases, rows.length, width]);
  const canvas = useCanvas(
    useCallback(
      (frame) => drawStrobe(frame, { phases, rows, layout, measure, marks, chosen }),
      [phases, rows, layout, measure, marks, chosen],
    ),
  );

  const placeOf = (event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return cellAt(layout, rows.length, event.clientX - left, event.clientY - top);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = cellAfter(event.key, chosen ?? { phase: 0, row: -1 }, phases.length, rows.length);
    if (!next) return;
    event.preventDefault();
    onChoose(next);
  };

  return (
    <div ref={box} className="px-4 pb-2">
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: the role makes a screen reader hand over the arrow keys */}
      <canvas
        ref={canvas}
        role="application"
        aria-label={label}
        aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight Home End"
        tabIndex={0}
        style={{ height: layout.height }}
        className="w-full cursor-crosshair"
        onKeyDown={onKeyDown}
        onPointerMove={(event) => onHover(placeOf(event))}
        onPointerLeave={() => onHover(null)}
        onPointerDown={(event) => {
          const place = placeOf(event);
          if (place) onChoose(place);
        }}
      />
    </div>
  );
}
