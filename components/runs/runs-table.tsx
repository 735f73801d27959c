import Link from "next/link";
import { memo } from "react";
import { DeviationBadge, OriginBadge } from "#components/ui/badge.tsx";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { originOf } from "#lib/model/origin.ts";
import { isRunEnded, type RunSummary } from "#lib/model/run.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock, formatDuration, zoneLabel } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";
import { recordedTime } from "#lib/view/run-times.ts";

interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  /** Server time, for runs that have not ended. */
  readonly now: EpochMs;
  readonly zone: string;
}

/** Runs, newest first. On a narrow screen the less urgent columns fold into the first. */
export const RunsTable = memo(function RunsTable({ runs, now, zone }: RunsTableProps) {
  // Where all runs are of one kind the header says so once; a mixed list says it row by row.
  const isMixed = new Set(runs.map(originOf)).size > 1;
  return (
    <Table caption="Runs, newest first">
      <thead>
        <tr>
          <Th>Status</Th>
          <Th>Recipe</Th>
          <Th className="hidden sm:table-cell">Machine</Th>
          <Th className="hidden md:table-cell">Started ({zoneLabel(now, zone)})</Th>
          <Th isNumeric className="hidden md:table-cell">
            Recorded
          </Th>
          <Th className="hidden sm:table-cell">Deviations</Th>
          <Th isNumeric className="hidden lg:table-cell">
            Steps recorded
          </Th>
          <Th className="hidden lg:table-cell">Operator</Th>
          <Th className="hidden 2xl:table-cell">End</Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.runId} run={run} now={now} zone={zone} isMarked={isMixed} />
        ))}
      </tbody>
    </Table>
  );
});

interface RunRowProps {
  readonly run: RunSummary;
  readonly now: EpochMs;
  readonly zone: string;
  readonly isMarked: boolean;
}

function RunRow({ run, now, zone, isMarked }: RunRowProps) {
  const started = formatClock(run.startTime, zone, "date-time");
  const recorded = formatDuration(recordedTime(run, now));
  return (
    <Tr className="relative">
      <Td className="pt-2.5 align-top md:pt-0 md:align-middle">
        <RunStatusWord status={run.status} />
      </Td>
      <Td className="w-full max-w-0 py-2 md:w-auto md:max-w-72 md:py-0">
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
        {run.deviationCount > 0 ? (
          <DeviationBadge count={run.deviationCount} />
        ) : (
          <span className="text-ink-faint">none</span>
        )}
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
