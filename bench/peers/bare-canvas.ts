import { COLOURS, HEIGHT, type OpenChart, type PeerStep, WIDTH } from "./peer.ts";

type Window = { fromMs: number; toMs: number };

/**
 * The limit: a canvas and nothing else. Every drawing walks the steps of its window once, marks the columns of pixels
 * they touch, and paints one rectangle per unbroken stretch. No axis, no words, no database.
 */
export const bareCanvas: OpenChart = (box, lanes) => {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  canvas.tabIndex = 0;
  const told = document.createElement("output");
  box.append(canvas, told);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");

  let steps: PeerStep[] = [];
  let window: Window = { fromMs: 0, toMs: 1 };
  let isAsked = false;
  const rowHeight = HEIGHT / lanes.length;

  const paint = () => {
    isAsked = false;
    context.clearRect(0, 0, WIDTH, HEIGHT);
    for (const [lane, columns] of columnsOf(steps, window, lanes.length).entries()) {
      context.fillStyle = COLOURS[lane % COLOURS.length] ?? "black";
      paintStretches(columns, (from, to) =>
        context.fillRect(from, lane * rowHeight + 4, to - from, rowHeight - 8),
      );
    }
  };
  const ask = () => {
    if (!isAsked) requestAnimationFrame(paint);
    isAsked = true;
  };
  const show = (next: Window) => {
    window = next;
    ask();
  };

  canvas.addEventListener("pointermove", ({ buttons, movementX, offsetX, offsetY }) => {
    const msPerPixel = (window.toMs - window.fromMs) / WIDTH;
    if (buttons === 1) {
      const by = -movementX * msPerPixel;
      show({ fromMs: window.fromMs + by, toMs: window.toMs + by });
      return;
    }
    const at = window.fromMs + offsetX * msPerPixel;
    const step = steps[firstEndingAfter(steps, at)];
    told.value = `${Math.floor(offsetY / rowHeight)} ${step ? step.endMs - step.startMs : ""}`;
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const factor = 2 ** (event.deltaY / 300);
      const width = window.toMs - window.fromMs;
      const middle = window.fromMs + (event.offsetX / WIDTH) * width;
      show({
        fromMs: middle - (middle - window.fromMs) * factor,
        toMs: middle + (window.toMs - middle) * factor,
      });
    },
    { passive: false },
  );

  return {
    async draw(all) {
      steps = all;
      window = { fromMs: 0, toMs: all.at(-1)?.endMs ?? 1 };
      paint();
    },
    append(step, spanMs) {
      steps.push(step);
      show({ fromMs: step.endMs - spanMs, toMs: step.endMs });
    },
  };
};

function columnsOf(steps: readonly PeerStep[], { fromMs, toMs }: Window, lanes: number): Uint8Array[] {
  const columns = Array.from({ length: lanes }, () => new Uint8Array(WIDTH));
  const perMs = WIDTH / (toMs - fromMs);
  for (let at = firstEndingAfter(steps, fromMs); at < steps.length; at += 1) {
    const step = steps[at];
    if (!step || step.startMs > toMs) break;
    const from = Math.max(0, Math.floor((step.startMs - fromMs) * perMs));
    const to = Math.min(WIDTH, Math.max(from + 1, Math.ceil((step.endMs - fromMs) * perMs)));
    columns[step.lane]?.fill(1, from, to);
  }
  return columns;
}

function paintStretches(columns: Uint8Array, paint: (from: number, to: number) => void): void {
  let from = -1;
  for (let x = 0; x <= columns.length; x += 1) {
    const isOn = columns[x] === 1;
    if (isOn && from < 0) from = x;
    if (!isOn && from >= 0) {
      paint(from, x);
      from = -1;
    }
  }
}

/** Steps follow one another, so that their ends are in order. */
function firstEndingAfter(steps: readonly PeerStep[], ms: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle]?.endMs ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
