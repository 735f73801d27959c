import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Scatter, ScatterChart, Tooltip, XAxis, YAxis } from "recharts";
import { COLOURS, HEIGHT, type OpenChart, type PeerStep, WIDTH } from "./peer.ts";

type Point = { cx?: number | undefined; cy?: number | undefined; payload?: PeerStep };
type Shown = { steps: PeerStep[]; fromMs: number; toMs: number };

/** Recharts zooms and pans nothing by itself, so that its window is moved for it, as often as the pointer moves. */
export const recharts: OpenChart = (box, lanes) => {
  const root = createRoot(box);
  let shown: Shown = { steps: [], fromMs: 0, toMs: 1 };
  const show = (next: Shown) => {
    shown = next;
    root.render(<Chart {...shown} lanes={lanes} />);
  };
  box.addEventListener("pointermove", ({ buttons, movementX }) => {
    if (buttons !== 1) return;
    const by = (-movementX * (shown.toMs - shown.fromMs)) / WIDTH;
    show({ ...shown, fromMs: shown.fromMs + by, toMs: shown.toMs + by });
  });
  box.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const middle = (shown.fromMs + shown.toMs) / 2;
      const half = ((shown.toMs - shown.fromMs) / 2) * 2 ** (event.deltaY / 300);
      show({ ...shown, fromMs: middle - half, toMs: middle + half });
    },
    { passive: false },
  );
  return {
    draw(steps) {
      return new Promise((resolve) => {
        shown = { steps, fromMs: 0, toMs: steps.at(-1)?.endMs ?? 1 };
        flushSync(() => root.render(<Chart {...shown} lanes={lanes} onDrawn={resolve} />));
      });
    },
    append(step, spanMs) {
      show({ steps: [...shown.steps, step], fromMs: step.endMs - spanMs, toMs: step.endMs });
    },
  };
};

function Chart({
  steps,
  fromMs,
  toMs,
  lanes,
  onDrawn,
}: Shown & { lanes: readonly string[]; onDrawn?: () => void }) {
  const [drawn] = useState(() => onDrawn);
  useEffect(() => drawn?.(), [drawn]);
  const inWindow = steps.filter(({ startMs, endMs }) => endMs >= fromMs && startMs <= toMs);
  const pixelsPerMs = (WIDTH - 90) / (toMs - fromMs);
  return (
    <ScatterChart width={WIDTH} height={HEIGHT} data={inWindow}>
      <XAxis type="number" dataKey="startMs" domain={[fromMs, toMs]} allowDataOverflow />
      <YAxis type="number" dataKey="lane" domain={[-0.5, lanes.length - 0.5]} />
      <Tooltip />
      <Scatter
        isAnimationActive={false}
        shape={({ cx = 0, cy = 0, payload }: Point) => (
          <rect
            x={cx}
            y={cy - 14}
            height={28}
            width={Math.max(1, payload ? (payload.endMs - payload.startMs) * pixelsPerMs : 1)}
            fill={COLOURS[(payload?.lane ?? 0) % COLOURS.length]}
          />
        )}
      />
    </ScatterChart>
  );
}
