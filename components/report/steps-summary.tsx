import { boxOfLine } from "#components/charts/duration-box.ts";
import type { DurationLine } from "#components/charts/duration-line.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDeviation } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { exactDuration } from "#lib/view/exact-duration.ts";

/** Each step of the recipe in one row: how often it was played, what was planned, what was measured. */
export function StepsSummary({ lines }: { readonly lines: readonly DurationLine[] }) {
  return (
    <Table caption="Planned and measured durations of each step">
      <thead>
        <tr>
          <Th>Step</Th>
          <Th isNumeric>Played</Th>
          <Th isNumeric>Planned</Th>
          <Th isNumeric>Median</Th>
          <Th isNumeric>9 of 10 within</Th>
          <Th isNumeric>Farthest off</Th>
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

const exact = (ms: number): string => exactDuration(durationMs(ms));

function Row({ line }: { readonly line: DurationLine }) {
  const box = boxOfLine(line);
  const { plannedMs } = line;
  const played = line.dots.reduce((sum, { count }) => sum + count, 0);
  const farthest =
    box === null || plannedMs === null
      ? null
      : [box.least - plannedMs, box.most - plannedMs].reduce((far, off) =>
          Math.abs(off) > Math.abs(far) ? off : far,
        );
  return (
    <tr>
      <Td>
        <bdi>{line.label}</bdi>
      </Td>
      <Td isNumeric>{formatCount(played)}</Td>
      <Td isNumeric>{plannedMs === null ? "–" : exact(plannedMs)}</Td>
      <Td isNumeric>{box === null ? "–" : exact(box.median)}</Td>
      <Td isNumeric>{box === null ? "–" : `${exact(box.p05)} to ${exact(box.p95)}`}</Td>
      <Td isNumeric>{farthest === null ? "–" : formatDeviation(durationMs(farthest))}</Td>
    </tr>
  );
}
