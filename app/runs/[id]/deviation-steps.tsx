import { ChevronLeft, ChevronRight } from "lucide-react";
import { useQueryStates } from "nuqs";
import type { RunWindow } from "#app/runs/[id]/use-run-window.ts";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { type Lane, spanOf } from "#components/timeline/lanes.ts";
import { nextDeviation, windowAround } from "#components/timeline/step-through.ts";
import { Button } from "#components/ui/button.tsx";
import { Shape } from "#components/ui/shape.tsx";
import type { TimelineSpan } from "#lib/model/timeline.ts";

const STEP = { step: viewParams.step };

interface DeviationStepsProps {
  readonly view: RunWindow;
  readonly lengthMs: number;
  readonly lanes: readonly Lane[];
}

/** A window narrow enough to see a pulse; where a jump from the whole run lands. */
const CLOSE_MS = 30_000;

/** From deviation to deviation, beginning at the selected step or the window's edge. */
export function DeviationSteps({ view, lengthMs, lanes }: DeviationStepsProps) {
  const [{ step }, setParams] = useQueryStates(STEP, { history: "replace" });
  const { fromMs, toMs } = view.window;
  const selected = step === null ? null : spanOf(lanes, step);
  const next = nextDeviation(lanes, selected?.startMs ?? fromMs - 1, 1);
  const previous = nextDeviation(lanes, selected?.startMs ?? toMs, -1);
  const go = (span: TimelineSpan | null) => {
    if (!span) return;
    const close =
      toMs - fromMs > CLOSE_MS * 4 ? { fromMs: 0, toMs: Math.min(CLOSE_MS, lengthMs) } : view.window;
    view.show(windowAround(close, span, lengthMs));
    void setParams({ step: span.seq });
  };
  return (
    <fieldset className="flex items-center gap-1">
      <legend className="sr-only">Deviations</legend>
      <Button size="sm" aria-label="Previous deviation" disabled={!previous} onClick={() => go(previous)}>
        <ChevronLeft className="size-3.5" aria-hidden="true" />
      </Button>
      <span className="inline-flex items-center gap-1.5 px-1">
        <Shape name="triangle" className="size-2.5 text-alarm-2" />
        Deviation
      </span>
      <Button size="sm" aria-label="Next deviation" disabled={!next} onClick={() => go(next)}>
        <ChevronRight className="size-3.5" aria-hidden="true" />
      </Button>
    </fieldset>
  );
}
