import Link from "next/link";
import { GoodBadge } from "#components/runs/good-badge.tsx";
import { PinBox } from "#components/runs/pin-box.tsx";
import { Sparkline } from "#components/runs/sparkline.tsx";
import { DeviationBadge, OriginBadge } from "#components/ui/badge.tsx";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import { Td, Tr } from "#components/ui/table.tsx";
import { originOf } from "#lib/model/origin.ts";
import { isRunEnded, type RunSummary } from "#lib/model/run.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";
import { recordedTime } from "#lib/view/run-times.ts";

interface RunRowProps {
  readonly run: RunSummary;
  readonly now: EpochMs;
  readonly zone: string;
  /** Says what kind of run it is. */
  readonly isMarked: boolean;
  readonly isPinned: boolean;
  /** Given where runs can be pinned. */
  readonly onPin?: (runId: string, isPinned: boolean) => void;
}

export function RunRow({ run, now, zone, isMarked, isPinned, onPin }: RunRowProps) {
  const started = formatClock(run.startTime, zone, "date-time");
  const recorded = formatDuration(recordedTime(run, now));
  return (
    <Tr className={isPinned ? "relative bg-accent-soft/60" : "relative"}>
      {onPin ? (
        <Td className="pr-0 align-top md:align-middle">
          <PinBox
            name={`${nameText(run.recipeName)} on ${nameText(run.machineName)}, started ${started}`}
            isPinned={isPinned}
            onPin={(value) => onPin(run.runId, value)}
          />
        </Td>
      ) : null}
      <Td className="pt-2.5 align-top md:pt-0 md:align-middle">
        <RunStatusWord status={run.status} />
      </Td>
      <Td className="w-full max-w-0 py-2 md:w-auto md:max-w-72 md:py-0">
        <span className="flex items-center gap-2">
          <Link
            href={`/runs/${run.runId}`}
            prefetch={false}
            className="block truncate font-medium after:absolute after:inset-0 hover:underline"
          >
            <bdi>{run.recipeName}</bdi>
            <span className="sr-only">
              {" "}
              on {nameText(run.machineName)}, started {started}
            </span>
          </Link>
          {run.isGood ? <GoodBadge /> : null}
        </span>
        <span className="block whitespace-normal text-xs text-ink-faint [overflow-wrap:anywhere] md:hidden">
          <span className="sm:hidden">
            <bdi>{nameText(run.machineName)}</bdi>,{" "}
          </span>
          {started}, <span className="whitespace-nowrap">{recorded}</span>
        </span>
        <span className="sm:hidden">
          <DeviationBadge count={run.deviationCount} />
        </span>
      </Td>
      <Td className="hidden sm:table-cell">
        <span className="flex max-w-48 items-center gap-2">
          <bdi className="truncate">{run.machineName}</bdi>
          {isMarked ? <OriginBadge origin={originOf(run)} /> : null}
        </span>
      </Td>
      <Td className="hidden md:table-cell">{started}</Td>
      <Td isNumeric className="hidden md:table-cell">
        {recorded}
        {isRunEnded(run.status) ? null : <span className="text-ink-faint"> so far</span>}
      </Td>
      <Td className="hidden sm:table-cell">
        <span className="flex items-center gap-3">
          <span className="hidden w-18 lg:block">
            <Sparkline parts={run.sparkline} />
          </span>
          {run.deviationCount > 0 ? (
            <DeviationBadge count={run.deviationCount} />
          ) : (
            <span className="text-ink-faint">none</span>
          )}
        </span>
      </Td>
      <Td isNumeric className="hidden lg:table-cell">
        {formatCount(run.lastSeq)}
        {run.totalSteps === null ? null : (
          <span className="text-ink-faint"> / {formatCount(run.totalSteps)}</span>
        )}
      </Td>
      <Td className="hidden max-w-40 truncate lg:table-cell">{run.operatorName ?? "–"}</Td>
      <Td className="hidden w-1/4 max-w-0 truncate text-ink-muted 2xl:table-cell">{endOf(run)}</Td>
    </Tr>
  );
}

/** Why it ended, where the status does not say it already. */
function endOf({ errorMessage, endReason, status }: RunSummary): string {
  return errorMessage ?? (endReason === status ? null : endReason) ?? "";
}
