import type { DurationLine } from "#components/charts/duration-line.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";

interface DurationTableProps {
  readonly line: DurationLine;
  readonly xName: string;
}

/** The values of a duration chart, for whoever does not read pictures. */
export function DurationTable({ line, xName }: DurationTableProps) {
  return (
    <Table caption={`Durations of ${line.label}`} className="text-xs">
      <thead>
        <tr>
          <Th>{xName}</Th>
          <Th isNumeric>Planned</Th>
          <Th isNumeric>Measured</Th>
          <Th isNumeric>Shortest</Th>
          <Th isNumeric>Longest</Th>
          <Th>Deviation</Th>
        </tr>
      </thead>
      <tbody>
        {line.dots.map((dot) => (
          <tr key={dot.seq}>
            <Td>{dot.x}</Td>
            <Td isNumeric>{inWords(dot.plannedMs)}</Td>
            <Td isNumeric>{inWords(dot.measuredMs)}</Td>
            <Td isNumeric>{inWords(dot.minMs)}</Td>
            <Td isNumeric>{inWords(dot.maxMs)}</Td>
            <Td>{dot.isDeviation ? "yes" : "no"}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const inWords = (ms: number | null): string => (ms === null ? "–" : formatDuration(durationMs(ms)));
