import { type RefObject, useLayoutEffect, useRef } from "react";
import { CanvasSurface, type Paint } from "#components/timeline/canvas-surface.ts";

/** Keeps the canvas showing what `paint` draws. Give a new function when what is drawn changes; frames are merged. */
export function useCanvas(paint: Paint): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const surface = useRef<CanvasSurface | null>(null);

  // Before the browser paints: a drawing that is new is there with everything else, not a frame later.
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const made = new CanvasSurface(canvas.current);
    surface.current = made;
    return () => {
      made.close();
      surface.current = null;
    };
  }, []);

  useLayoutEffect(() => surface.current?.show(paint), [paint]);

  return canvas;
}
