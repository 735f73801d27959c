import { Button } from "#components/ui/button.tsx";
import { Shape } from "#components/ui/shape.tsx";
import type { EpochMs } from "#lib/time.ts";
import { formatClock } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import type { RunEventLine } from "#lib/view/run-events.ts";

interface RunEventListProps {
  /** Newest first. */
  readonly lines: readonly RunEventLine[];
  readonly zone: string;
  /** Who did it, as this reader calls them; null where nobody did. */
  readonly doerOf: (line: RunEventLine) => string | null;
  readonly onShow: (seq: number) => void;
}

/** What happened to a run: when, what, who, and the step it leads to. */
export function RunEventList({ lines, zone, doerOf, onShow }: RunEventListProps) {
  return (
    <ol aria-label="Events" className="divide-y divide-line text-sm">
      {lines.map((line) => (
        <li
          key={line.key}
          data-kind={line.kind}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-4 gap-y-0.5 px-4 py-2 md:grid-cols-[11rem_minmax(0,1fr)_9rem_6rem]"
        >
          <Moment at={line.at} zone={zone} />
          <span className="col-span-2 row-start-2 min-w-0 [overflow-wrap:anywhere] md:col-span-1 md:col-start-2 md:row-start-1">
            {line.isTrouble ? (
              <Shape name="triangle" className="mr-1.5 inline size-2.5 text-alarm-2" />
            ) : null}
            <bdi>{line.what}</bdi>
          </span>
          <span className="col-start-1 row-start-3 truncate text-xs text-ink-faint md:col-start-3 md:row-start-1">
            <bdi>{doerOf(line)}</bdi>
          </span>
          {line.seq === null ? null : (
            <Button
              size="sm"
              variant="ghost"
              className="col-start-2 row-start-1 -my-1 justify-self-end md:col-start-4"
              onClick={() => onShow(line.seq ?? 1)}
            >
              Step {formatCount(line.seq)}
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}

function Moment({ at, zone }: { readonly at: EpochMs; readonly zone: string }) {
  return (
    <time
      dateTime={new Date(at).toISOString()}
      className="col-start-1 row-start-1 whitespace-nowrap text-xs text-ink-muted tabular-nums"
    >
      {formatClock(at, zone, "date")} {formatClock(at, zone, "millisecond")}
    </time>
  );
}
