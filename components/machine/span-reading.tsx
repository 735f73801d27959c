import { Shape } from "#components/ui/shape.tsx";
import type { TimelineSpan } from "#lib/model/timeline.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";

interface SpanReadingProps {
  readonly span: TimelineSpan;
  readonly x: number;
  readonly y: number;
}

/** The exact figures of the step under the pointer; however thin it is drawn. */
export function SpanReading({ span, x, y }: SpanReadingProps) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute z-10 w-max max-w-64 rounded-md border border-line bg-raised px-3 py-2 text-xs shadow-high"
      style={{ left: `min(${x + 12}px, calc(100% - 13rem))`, top: y + 16 }}
    >
      <p className="font-semibold">
        <bdi className="[overflow-wrap:anywhere]">{nameText(span.name)}</bdi>{" "}
        <span className="font-normal text-ink-faint">step {formatCount(span.seq)}</span>
      </p>
      <p className="text-ink-muted">
        {span.plannedMs === null ? "not planned" : `planned ${formatDuration(span.plannedMs)}`}
        {span.measuredMs === null
          ? span.isOpen
            ? ", running"
            : ""
          : `, measured ${formatDuration(span.measuredMs)}`}
      </p>
      {span.deviations > 0 && span.worstDeviationMs !== null ? (
        <p className="flex items-center gap-1.5 font-medium">
          <Shape name="triangle" className="size-2.5 text-alarm-2" />
          deviation {formatDeviation(span.worstDeviationMs)}
        </p>
      ) : null}
    </div>
  );
}
