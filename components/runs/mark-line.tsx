import { GoodBadge } from "#components/runs/good-badge.tsx";
import { Button } from "#components/ui/button.tsx";
import type { RunMark } from "#lib/model/run-mark.ts";
import { formatClockWithZone } from "#lib/time-format.ts";

interface MarkLineProps {
  readonly mark: RunMark | null;
  readonly zone: string;
  /** Why this person cannot change it; null when they can. */
  readonly whyNot: string | null;
  readonly onPress: () => void;
}

/** Whether a run is marked good, by whom and why, and the way to change that. */
export function MarkLine({ mark, zone, whyNot, onPress }: MarkLineProps) {
  const isGood = mark?.isGood ?? false;
  return (
    <section
      aria-label="Mark"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-surface px-4 py-2 text-sm shadow-low"
    >
      {isGood ? <GoodBadge /> : null}
      <p className="min-w-0 [overflow-wrap:anywhere]">
        {mark === null ? (
          <span className="text-ink-muted">Not marked good.</span>
        ) : (
          <>
            <span className="text-ink-muted">
              {isGood ? "Marked good" : "Not good any more: the mark was taken back"}
              {mark.markedBy === null ? "" : " by "}
              {mark.markedBy === null ? null : <bdi>{mark.markedBy}</bdi>},{" "}
              {formatClockWithZone(mark.markedAt, zone, "date-time")}:
            </span>{" "}
            <bdi>{mark.reason}</bdi>
          </>
        )}
      </p>
      <div className="ml-auto flex min-h-7 items-center text-xs text-ink-faint">
        {whyNot === null ? (
          <Button size="sm" onClick={onPress}>
            {isGood ? "Take the mark back" : "Mark good"}
          </Button>
        ) : (
          whyNot
        )}
      </div>
    </section>
  );
}
