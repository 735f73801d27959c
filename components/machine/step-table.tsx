import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape } from "#components/ui/shape.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

const SHOWN_STEPS = 12;

interface StepTableProps {
  /** Ascending seq. */
  readonly steps: readonly StepExecution[];
}

/** The last steps in words and figures: what the lanes draw, for whoever cannot or would rather not read a drawing. */
export function StepTable({ steps }: StepTableProps) {
  const shown = steps.slice(-SHOWN_STEPS).toReversed();
  return (
    <Table caption={`Last ${SHOWN_STEPS} steps, newest first`}>
      <thead>
        <tr>
          <Th isNumeric>Step</Th>
          <Th>Name</Th>
          <Th isNumeric className="hidden sm:table-cell">
            Cycle
          </Th>
          <Th isNumeric className="hidden sm:table-cell">
            Planned
          </Th>
          <Th isNumeric>Measured</Th>
          <Th isNumeric>Difference</Th>
        </tr>
      </thead>
      <tbody>
        {shown.map((step) => (
          <Tr key={step.seq}>
            <Td isNumeric className="text-ink-muted">
              {formatCount(step.seq)}
            </Td>
            <Td className="w-full max-w-0 truncate font-medium sm:w-auto sm:max-w-56">
              {step.stepName}
              {step.valveNumber === null ? null : (
                <span className="font-normal text-ink-muted"> · valve {step.valveNumber}</span>
              )}
            </Td>
            <Td isNumeric className="hidden sm:table-cell">
              {step.cycle === null ? "–" : formatCount(step.cycle)}
            </Td>
            <Td isNumeric className="hidden sm:table-cell">
              {step.plannedMs === null ? "–" : formatDuration(step.plannedMs)}
            </Td>
            <Td isNumeric>{measuredText(step)}</Td>
            <Td isNumeric>
              <Difference step={step} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function measuredText(step: StepExecution): string {
  if (step.measuredMs !== null) return formatDuration(step.measuredMs);
  return isStepOpen(step) ? "running" : "–";
}

function Difference({ step }: { readonly step: StepExecution }) {
  if (step.deviationMs === null) return <span className="text-ink-faint">–</span>;
  return (
    <span
      className={joinClasses(
        "inline-flex items-center gap-1",
        step.isDeviation ? "font-semibold" : "text-ink-muted",
      )}
    >
      {step.isDeviation ? <Shape name="triangle" className="size-2.5 text-alarm-2" /> : null}
      {formatDeviation(step.deviationMs)}
      {step.isDeviation ? <span className="sr-only"> deviation</span> : null}
    </span>
  );
}
