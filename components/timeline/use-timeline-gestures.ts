import { type RefObject, useEffect, useRef } from "react";
import { panWindow, type TimeWindow, timeScale, zoomWindow } from "#components/timeline/time-scale.ts";

export interface GestureTarget {
  readonly window: TimeWindow;
  readonly durationMs: number;
  readonly onWindowChange: (window: TimeWindow) => void;
  /** A press that was not a drag. */
  readonly onPress: (x: number, y: number) => void;
  /** Null when the pointer has left. */
  readonly onPointer: (place: { readonly x: number; readonly y: number } | null) => void;
}

/** Below this many px a press is a press, above it a drag. */
const DRAG_THRESHOLD = 4;
const WHEEL_SPEED = 0.0016;

/**
 * Pan by dragging, pinch with two fingers, zoom with the wheel. The wheel belongs to the page until the drawing has the
 * focus or Ctrl is held, so nobody is caught in it while scrolling past.
 */
export function useTimelineGestures(
  canvas: RefObject<HTMLCanvasElement | null>,
  target: GestureTarget,
): void {
  const latest = useRef(target);
  useEffect(() => {
    latest.current = target;
  }, [target]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const gestures = new Gestures(element, () => latest.current);
    return () => gestures.close();
  }, [canvas]);
}

class Gestures {
  readonly #element: HTMLCanvasElement;
  readonly #target: () => GestureTarget;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  readonly #abort = new AbortController();
  #hasDragged = false;
  #pressX = 0;

  constructor(element: HTMLCanvasElement, target: () => GestureTarget) {
    this.#element = element;
    this.#target = target;
    const signal = this.#abort.signal;
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false, signal });
    element.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    element.addEventListener("pointermove", (event) => this.#move(event), { signal });
    element.addEventListener("pointerup", (event) => this.#up(event), { signal });
    element.addEventListener("pointercancel", (event) => this.#forget(event.pointerId), { signal });
    element.addEventListener("pointerleave", () => this.#target().onPointer(null), { signal });
  }

  close(): void {
    this.#abort.abort();
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #wheel(event: WheelEvent): void {
    const { window, durationMs, onWindowChange } = this.#target();
    const scale = timeScale(window, this.#element.clientWidth);
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    const hasFocus = this.#element.ownerDocument.activeElement === this.#element;
    if (!isSideways && !event.ctrlKey && !event.metaKey && !hasFocus) return;
    event.preventDefault();
    if (isSideways) {
      onWindowChange(panWindow(window, (event.deltaX || event.deltaY) * scale.msPerPixel, durationMs));
      return;
    }
    const factor = Math.exp(event.deltaY * WHEEL_SPEED * (event.ctrlKey ? 4 : 1));
    onWindowChange(zoomWindow(window, factor, scale.msAt(this.#place(event).x), durationMs));
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const place = this.#place(event);
    this.#element.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, place);
    if (this.#pointers.size === 1) {
      this.#hasDragged = false;
      this.#pressX = place.x;
    }
  }

  #move(event: PointerEvent): void {
    const place = this.#place(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before) {
      this.#target().onPointer(place);
      return;
    }
    if (Math.abs(place.x - this.#pressX) > DRAG_THRESHOLD || this.#pointers.size > 1) this.#hasDragged = true;
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, place);
    if (!this.#hasDragged) return;
    const { window, durationMs, onWindowChange } = this.#target();
    const scale = timeScale(window, this.#element.clientWidth);
    if (other) {
      const factor = Math.max(8, Math.abs(before.x - other.x)) / Math.max(8, Math.abs(place.x - other.x));
      onWindowChange(zoomWindow(window, factor, scale.msAt((place.x + other.x) / 2), durationMs));
    } else {
      onWindowChange(panWindow(window, (before.x - place.x) * scale.msPerPixel, durationMs));
    }
  }

  #up(event: PointerEvent): void {
    const place = this.#place(event);
    if (this.#pointers.has(event.pointerId) && !this.#hasDragged) this.#target().onPress(place.x, place.y);
    this.#forget(event.pointerId);
  }

  #forget(id: number): void {
    this.#pointers.delete(id);
  }
}
