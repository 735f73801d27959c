import { joinClasses } from "#components/ui/join-classes.ts";
import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatClock, formatDuration } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";
import type { FinishBand, RunProgressView } from "#lib/view/progress.ts";

interface FinishProps {
  readonly progress: RunProgressView;
  readonly now: EpochMs;
  readonly zone: string;
  readonly isStale: boolean;
}

/** When the run should end: a band from this recipe's history, the plan before there is any, by how much it is overdue. */
export function Finish({ progress, now, zone, isStale }: FinishProps) {
  const { finishAt, finishBand } = progress;
  if (finishAt === null) return null;
  return (
    <div className="text-right">
      <p className="eyebrow">{isStale ? "Finish, as last known" : "Finish"}</p>
      <p
        className={joinClasses(
          "text-2xl font-semibold tracking-tight tabular-nums",
          isStale && "text-ink-muted",
        )}
      >
        {finishText(finishAt, finishBand, zone)}
      </p>
      <p className="text-xs tabular-nums text-ink-muted">
        {isOtherDay(finishAt, now, zone) ? `${formatClock(finishAt, zone, "date")}, ` : null}
        {leftText(progress, now)}
      </p>
      <p className="text-xs text-ink-faint" title={finishBand ? "8 of 10 of those runs" : undefined}>
        {sourceText(finishBand)}
      </p>
    </div>
  );
}

const isOtherDay = (at: EpochMs, now: EpochMs, zone: string): boolean =>
  formatClock(at, zone, "date") !== formatClock(now, zone, "date");

/** To the minute, as far as an end can be foretold; a band within one minute is that minute. */
function finishText(finishAt: EpochMs, band: FinishBand | null, zone: string): string {
  if (band === null) return formatClock(finishAt, zone, "minute");
  const [from, to] = [band.from, band.to].map((at) => formatClock(at, zone, "minute"));
  return from === to ? `${from}` : `${from}–${to}`;
}

function leftText({ remainingMs, finishBand, overrunMs }: RunProgressView, now: EpochMs): string {
  if (remainingMs === null) return "";
  if (remainingMs === 0) return overrunMs > 0 ? `overdue by ${formatDuration(overrunMs)}` : "due now";
  if (finishBand === null) return `in ${formatDuration(remainingMs)}`;
  const [from, to] = [finishBand.from, finishBand.to].map((at) =>
    formatDuration(durationMs(Math.max(0, elapsed(now, at)))),
  );
  return from === to ? `in ${from}` : `in ${from} to ${to}`;
}

const sourceText = (band: FinishBand | null): string =>
  band === null ? "by the plan" : `as usual in the last ${counted(band.runs, "run")} of this recipe`;
