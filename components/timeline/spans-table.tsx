"use client";

import { useState } from "react";
import type { Lane } from "#components/timeline/lanes.ts";
import { endOf } from "#components/timeline/lanes.ts";
import { formatOffset, type TimeWindow } from "#components/timeline/time-scale.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

interface SpansTableProps {
  readonly lanes: readonly Lane[];
  readonly window: TimeWindow;
}

const MOST_ROWS = 200;

/** What the timeline shows, in rows; built only when opened. */
export function SpansTable({ lanes, window }: SpansTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="px-4 py-2 text-xs" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer rounded-sm text-ink-faint hover:text-ink">
        What is shown, as a table
      </summary>
      {isOpen ? <Rows lanes={lanes} window={window} /> : null}
    </details>
  );
}

function Rows({ lanes, window }: SpansTableProps) {
  const shown = lanes
    .flatMap((lane) => lane.spans.map((span) => ({ lane: lane.label, span })))
    .filter(({ span }) => span.startMs <= window.toMs && endOf(span) >= window.fromMs)
    .toSorted((a, b) => a.span.startMs - b.span.startMs);
  return (
    <div className="mt-2 max-h-96 overflow-auto rounded-md border border-line">
      <Table caption="Steps in the shown part of the timeline" className="text-xs">
        <thead>
          <tr>
            <Th>Lane</Th>
            <Th>Step</Th>
            <Th isNumeric>Starts at</Th>
            <Th isNumeric>Planned</Th>
            <Th isNumeric>Measured</Th>
            <Th isNumeric>Worst deviation</Th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, MOST_ROWS).map(({ lane, span }) => (
            <tr key={`${lane} ${span.seq}`}>
              <Td>{lane}</Td>
              <Td>
                {span.name} #{span.seq}
                {span.count > 1 ? ` and ${span.count - 1} more` : ""}
              </Td>
              <Td isNumeric>{formatOffset(span.startMs, 1)}</Td>
              <Td isNumeric>{span.plannedMs === null ? "–" : formatDuration(span.plannedMs)}</Td>
              <Td isNumeric>{span.measuredMs === null ? "–" : formatDuration(span.measuredMs)}</Td>
              <Td isNumeric>
                {span.worstDeviationMs === null ? "–" : formatDeviation(span.worstDeviationMs)}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {shown.length > MOST_ROWS ? (
        <p className="px-4 py-2 text-ink-faint">
          {formatCount(shown.length - MOST_ROWS)} more; zoom in, or open the Steps tab for every one.
        </p>
      ) : null}
    </div>
  );
}
