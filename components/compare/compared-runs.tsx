import { X } from "lucide-react";
import Link from "next/link";
import { RunKey } from "#components/compare/run-key.tsx";
import { GoodBadge } from "#components/runs/good-badge.tsx";
import { DeviationBadge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import type { ComparedRun } from "#lib/model/comparison.ts";
import { durationMs } from "#lib/time.ts";
import { formatClock, formatDuration, zoneLabel } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

interface ComparedRunsProps {
  readonly runs: readonly ComparedRun[];
  readonly zone: string;
  /** The comparison without this run. */
  readonly withoutHref: (runId: string) => string;
}

/** The runs by the number that stands on their lines. */
export function ComparedRuns({ runs, zone, withoutHref }: ComparedRunsProps) {
  return (
    <Table caption="Runs of this comparison">
      <thead>
        <tr>
          <Th>Line</Th>
          <Th>Recipe</Th>
          <Th>Machine</Th>
          <Th>Started{runs[0] ? ` (${zoneLabel(runs[0].startTime, zone)})` : ""}</Th>
          <Th>Status</Th>
          <Th isNumeric>Measured</Th>
          <Th isNumeric>Cycles</Th>
          <Th>Deviations</Th>
          <Th className="relative">
            <span className="sr-only">Take out</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <tr key={run.runId}>
            <Td>
              <RunKey index={run.index} />
            </Td>
            <Td className="max-w-72">
              <span className="flex items-center gap-2">
                <Link href={`/runs/${run.runId}`} prefetch={false} className="link truncate font-medium">
                  <bdi>{run.recipeName ?? "Run"}</bdi>
                </Link>
                {run.recipeRevision === null ? null : (
                  <span className="text-xs text-ink-faint">version {run.recipeRevision}</span>
                )}
                {run.isGood ? <GoodBadge /> : null}
              </span>
            </Td>
            <Td>
              <bdi>{run.machineName}</bdi>
            </Td>
            <Td>{formatClock(run.startTime, zone, "date-time")}</Td>
            <Td>
              <RunStatusWord status={run.status} />
            </Td>
            <Td isNumeric>{run.durationMs === null ? "–" : formatDuration(durationMs(run.durationMs))}</Td>
            <Td isNumeric>{run.totalCycles === null ? "–" : formatCount(run.totalCycles)}</Td>
            <Td>
              {run.deviationCount > 0 ? (
                <DeviationBadge count={run.deviationCount} />
              ) : (
                <span className="text-ink-faint">none</span>
              )}
            </Td>
            <Td className="text-right">
              <Button asChild size="sm" variant="ghost">
                <Link href={withoutHref(run.runId)} prefetch={false} aria-label={`Take run ${run.index} out`}>
                  <X className="size-3.5" aria-hidden="true" />
                </Link>
              </Button>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
