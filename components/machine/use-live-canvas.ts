import { type RefObject, useEffect, useRef } from "react";
import { CanvasSurface, type Paint } from "#components/timeline/canvas-surface.ts";

/** With reduced motion the picture steps on this often instead of flowing. */
const STILL_PERIOD_MS = 1000;

/**
 * A canvas that paints every frame while `isMoving`, once otherwise. It rests while the page is hidden (the browser
 * gives no frames then) or the canvas is out of sight, and steps once a second for whoever asked for reduced motion.
 */
export function useLiveCanvas(paint: Paint, isMoving: boolean): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(paint);
  const surface = useRef<CanvasSurface | null>(null);

  useEffect(() => {
    if (!canvas.current) return;
    const made = new CanvasSurface(canvas.current);
    surface.current = made;
    return () => {
      made.close();
      surface.current = null;
    };
  }, []);

  useEffect(() => {
    latest.current = paint;
    surface.current?.request();
  }, [paint]);

  useEffect(() => {
    if (!canvas.current || !surface.current) return;
    return keepMoving(canvas.current, surface.current, latest, isMoving);
  }, [isMoving]);

  return canvas;
}

function keepMoving(
  canvas: HTMLCanvasElement,
  surface: CanvasSurface,
  latest: RefObject<Paint>,
  isMoving: boolean,
): () => void {
  let isSeen = true;
  let isFlowing = isMoving;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const adapt = () => {
    isFlowing = isMoving && isSeen && !calm.matches;
    surface.request();
  };
  const sight = new IntersectionObserver(([entry]) => {
    isSeen = entry?.isIntersecting ?? true;
    adapt();
  });
  const timer = setInterval(() => {
    if (isMoving && isSeen && calm.matches) surface.request();
  }, STILL_PERIOD_MS);

  surface.show((frame) => {
    latest.current(frame);
    if (isFlowing) surface.request();
  });
  calm.addEventListener("change", adapt);
  sight.observe(canvas);
  adapt();
  return () => {
    isFlowing = false;
    clearInterval(timer);
    sight.disconnect();
    calm.removeEventListener("change", adapt);
  };
}
