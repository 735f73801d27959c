"use client";

import { useState } from "react";
import { cyclesText } from "#components/strobe/cell-reading.tsx";
import { type StrobeMark, titlesOf } from "#components/strobe/marks.ts";
import { type Measure, measuredValue, type ShadedPhase } from "#components/strobe/shade.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import type { CycleCell, CycleRow } from "#lib/model/cycles.ts";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { nameText } from "#lib/view/name-text.ts";
import { formatReading } from "#lib/view/quantity.ts";

interface StrobeTableProps {
  readonly phases: readonly ShadedPhase[];
  readonly rows: readonly CycleRow[];
  readonly measure: Measure;
  readonly marks: readonly StrobeMark[];
}

/** The same in rows and figures; built only when opened. */
export function StrobeTable(props: StrobeTableProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="px-4 py-2 text-xs" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer rounded-sm text-ink-faint hover:text-ink">
        What is shown, as a table
      </summary>
      {isOpen ? (
        <div className="mt-2 max-h-96 overflow-auto rounded-md border border-line">
          <Rows {...props} />
        </div>
      ) : null}
    </details>
  );
}

function Rows({ phases, rows, measure, marks }: StrobeTableProps) {
  return (
    <Table caption="Cycles and their steps" className="text-xs">
      <thead>
        <tr>
          <Th>Cycle</Th>
          {phases.map(({ phase }) => (
            <Th key={phase.stepName} isNumeric>
              {nameText(phase.stepName)}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={row.fromSeq}>
            <Td>{cyclesText(row)}</Td>
            {phases.map(({ phase, cells }, place) => (
              <Td key={phase.stepName} isNumeric>
                {[cellText(cells[index], measure), ...titlesOf(marks, place, index)].join(", ")}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function cellText(cell: CycleCell | undefined, measure: Measure): string {
  const value = cell ? measuredValue(cell, measure) : null;
  if (!cell || value === null) return "–";
  const text = measure === "duration" ? formatDuration(durationMs(value)) : formatReading(value, "Torr");
  return cell.deviations > 0 ? `${text}, deviation` : text;
}
