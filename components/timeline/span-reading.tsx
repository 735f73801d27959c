import { formatFigure } from "#components/charts/figures.ts";
import { Shape } from "#components/ui/shape.tsx";
import type { TimelineSpan } from "#lib/model/timeline.ts";
import { type DurationMs, durationMs } from "#lib/time.ts";
import { formatDeviation } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { exactDuration } from "#lib/view/exact-duration.ts";
import { nameText } from "#lib/view/name-text.ts";

interface SpanReadingProps {
  readonly span: TimelineSpan;
  /** By the database's clock; undefined while it is not known here. */
  readonly recordedMs?: DurationMs | null | undefined;
  /** ng/cm²; null where the dose was not weighed. */
  readonly massGain?: number | null;
}

/** One span in words, its three durations told apart. */
export function SpanReading({ span, recordedMs, massGain = null }: SpanReadingProps) {
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <bdi className="font-semibold text-ink [overflow-wrap:anywhere]">{nameText(span.name)}</bdi>
      <span>{span.count > 1 ? `${formatCount(span.count)} steps from #${span.seq}` : `#${span.seq}`}</span>
      {span.count > 1 ? (
        <span>zoom in to tell them apart</span>
      ) : (
        <>
          <Named name="planned" ms={span.plannedMs} />
          <Named name="measured" ms={span.measuredMs} open={span.isOpen} />
          {recordedMs === undefined ? null : <Named name="recorded" ms={recordedMs} open={span.isOpen} />}
        </>
      )}
      {span.count === 1 && massGain !== null ? (
        <span>
          mass gain <span className="tabular-nums text-ink">{formatFigure(massGain)} ng/cm²</span>
        </span>
      ) : null}
      {span.deviations > 0 && span.worstDeviationMs !== null ? (
        <span className="inline-flex items-center gap-1 font-medium text-alarm-2">
          <Shape name="triangle" className="size-2.5" />
          {span.count > 1 ? `${span.deviations} deviations, worst ` : "deviation "}
          {formatDeviation(span.worstDeviationMs)}
        </span>
      ) : null}
    </span>
  );
}

function Named({
  name,
  ms,
  open = false,
}: {
  readonly name: string;
  readonly ms: DurationMs | null;
  readonly open?: boolean;
}) {
  return (
    <span>
      {name}{" "}
      <span className="tabular-nums text-ink">
        {ms === null ? (open ? "still open" : "–") : exactDuration(durationMs(ms))}
      </span>
    </span>
  );
}
