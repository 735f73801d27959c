import { memo } from "react";
import { DurationBars } from "#components/recipes/duration-bars.tsx";
import { DeviationBadge } from "#components/ui/badge.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { Program } from "#lib/model/program.ts";
import type { RecipeDurations, StepDurations } from "#lib/model/recipe.ts";
import type { DurationMs } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { exactDuration } from "#lib/view/exact-duration.ts";
import { type ProgramRow, programRows } from "#lib/view/program-tree.ts";

interface DurationsCardProps {
  readonly program: Program;
  readonly durations: RecipeDurations;
  readonly zone: string;
}

/** How long each step really took, over the newest runs, beside what is planned. */
export const DurationsCard = memo(function DurationsCard({ program, durations, zone }: DurationsCardProps) {
  const taken = new Map(durations.steps.map((step) => [step.stepId, step]));
  const rows = programRows(program).filter(({ type }) => type !== "loop");
  return (
    <Card aria-label="Measured durations">
      <CardHeader title="How long its steps took" note={noteOf(durations, zone)} />
      {durations.runs === 0 ? (
        <EmptyState title="Nothing measured yet">
          When a run of this recipe has played steps, how long each really took is shown here beside its plan.
        </EmptyState>
      ) : (
        <Table caption="Measured duration of each step of the recipe">
          <thead>
            <tr>
              <Th>Step</Th>
              <Th>Distribution, planned dashed</Th>
              <Th isNumeric>Planned</Th>
              <Th isNumeric>Median</Th>
              <Th isNumeric>9 of 10 within</Th>
              <Th isNumeric>Least, most</Th>
              <Th isNumeric>Measured</Th>
              <Th>Deviations</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <StepRow key={row.path} row={row} taken={taken.get(row.id) ?? null} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
});

function noteOf({ runs, since, isSummed }: RecipeDurations, zone: string): string {
  if (runs === 0) return "";
  const from = since === null ? "" : `, since ${formatClockWithZone(since, zone, "date-time")}`;
  const summed = isSummed ? "; of long runs, sixteen steps or more count by their mean" : "";
  return `measured, in its ${runs === 1 ? "newest run" : `${runs} newest runs`}${from}${summed}`;
}

function StepRow({ row, taken }: { readonly row: ProgramRow; readonly taken: StepDurations | null }) {
  const figures = taken?.figures ?? null;
  return (
    <Tr>
      <Td className="max-w-64">
        <span className="flex items-baseline gap-2">
          <span className="text-xs text-ink-faint">{row.path}</span>
          <bdi className="truncate">{row.name}</bdi>
        </span>
      </Td>
      <Td>{taken && figures ? <DurationBars step={taken} figures={figures} /> : null}</Td>
      <Td isNumeric>{exactDuration(row.plannedMs)}</Td>
      <Td isNumeric>{figures ? exactDuration(figures.median) : "–"}</Td>
      <Td isNumeric>{figures ? rangeText(figures.p05, figures.p95) : "–"}</Td>
      <Td isNumeric>{figures ? rangeText(figures.least, figures.most) : "–"}</Td>
      <Td isNumeric>
        {formatCount(taken?.measured ?? 0)}
        {taken && taken.otherwise > 0 ? (
          <span className="text-ink-faint"> + {formatCount(taken.otherwise)} planned otherwise</span>
        ) : null}
      </Td>
      <Td>
        {taken && taken.deviations > 0 ? (
          <DeviationBadge count={taken.deviations} />
        ) : (
          <span className="text-ink-faint">none</span>
        )}
      </Td>
    </Tr>
  );
}

function rangeText(from: DurationMs, to: DurationMs): string {
  const [least, most] = [exactDuration(from), exactDuration(to)];
  return least === most ? least : `${least} to ${most}`;
}
