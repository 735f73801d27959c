import { type CanvasTheme, readCanvasTheme } from "#components/timeline/canvas-theme.ts";

/** Size in CSS pixels; the context is already scaled to the device's. */
export interface CanvasFrame {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly theme: CanvasTheme;
}

export type Paint = (frame: CanvasFrame) => void;

/**
 * One canvas that is sharp on any screen, follows size and theme, and paints at most once per frame however often it
 * is asked to.
 */
export class CanvasSurface {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #resized: ResizeObserver;
  readonly #themed: MutationObserver;
  #theme: CanvasTheme;
  #paint: Paint | null = null;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser gives no 2D canvas context");
    this.#canvas = canvas;
    this.#context = context;
    this.#theme = readCanvasTheme(canvas);
    this.#resized = new ResizeObserver(() => this.request());
    this.#resized.observe(canvas);
    this.#themed = new MutationObserver(() => {
      this.#theme = readCanvasTheme(canvas);
      this.request();
    });
    this.#themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /** From now on paint this: the first time at once, then with the next frame. */
  show(paint: Paint): void {
    const isFirst = this.#paint === null;
    this.#paint = paint;
    if (isFirst) this.#draw();
    else this.request();
  }

  request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#resized.disconnect();
    this.#themed.disconnect();
  }

  #draw(): void {
    this.#frame = 0;
    const ratio = (window.devicePixelRatio || 1) * (this.#canvas.currentCSSZoom ?? 1);
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!this.#paint || width === 0 || height === 0) return;

    const deviceWidth = Math.round(width * ratio);
    const deviceHeight = Math.round(height * ratio);
    if (this.#canvas.width !== deviceWidth || this.#canvas.height !== deviceHeight) {
      this.#canvas.width = deviceWidth;
      this.#canvas.height = deviceHeight;
    }
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.clearRect(0, 0, width, height);
    this.#paint({ context: this.#context, width, height, theme: this.#theme });
  }
}
