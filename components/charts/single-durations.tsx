import type { DurationLine } from "#components/charts/duration-line.ts";
import { Shape } from "#components/ui/shape.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";

/** Steps that happen once in a run: a row says it all, a chart would say nothing more. */
export function SingleDurations({ lines }: { readonly lines: readonly DurationLine[] }) {
  return (
    <Table caption="Steps that happen once" isCaptionHidden={false}>
      <thead>
        <tr>
          <Th>Step</Th>
          <Th isNumeric>Planned</Th>
          <Th isNumeric>Measured</Th>
          <Th isNumeric>Deviation</Th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Row key={line.key} line={line} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ line }: { readonly line: DurationLine }) {
  const dot = line.dots[0];
  const planned = dot?.plannedMs ?? line.plannedMs;
  const measured = dot?.measuredMs ?? null;
  return (
    <tr>
      <Td>{line.label}</Td>
      <Td isNumeric>{planned === null ? "–" : formatDuration(durationMs(planned))}</Td>
      <Td isNumeric>{measured === null ? "–" : formatDuration(durationMs(measured))}</Td>
      <Td isNumeric>
        {planned === null || measured === null ? (
          "–"
        ) : (
          <span
            className={
              dot?.isDeviation ? "inline-flex items-center gap-1 font-semibold text-alarm-2" : undefined
            }
          >
            {dot?.isDeviation ? <Shape name="triangle" className="size-2.5" /> : null}
            {formatDeviation(durationMs(measured - planned))}
          </span>
        )}
      </Td>
    </tr>
  );
}
