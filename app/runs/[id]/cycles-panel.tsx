"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { CyclesToolbar } from "#app/runs/[id]/cycles-toolbar.tsx";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { CellReading } from "#components/strobe/cell-reading.tsx";
import type { CellPlace } from "#components/strobe/layout.ts";
import { Legend } from "#components/strobe/legend.tsx";
import { findingMarks, titlesOf } from "#components/strobe/marks.ts";
import { shadedPhases } from "#components/strobe/shade.ts";
import { Strobe } from "#components/strobe/strobe.tsx";
import { StrobeTable } from "#components/strobe/strobe-table.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { RunCycles } from "#lib/model/cycles.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import { runCyclesQuery, runReportQuery } from "#lib/queries/run.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { nameText } from "#lib/view/name-text.ts";

const READ_AGAIN_MS = 5_000;
/** As many as can be told apart by eye; more cycles share rows. */
const ROWS = 500;

/** Drift and misfires at a glance: every cycle of the run laid upon the others. */
export function CyclesPanel({ run }: { readonly run: Run }) {
  const client = browserClient(useRuntimeConfig());
  const [{ cfrom, cto }] = useQueryStates(viewParams);
  const asked = cfrom !== null && cto !== null ? { from: cfrom, to: cto } : null;
  const query = useQuery({
    ...runCyclesQuery(client, run.id, asked, ROWS),
    placeholderData: keepPreviousData,
    refetchInterval: isRunEnded(run.status) ? false : READ_AGAIN_MS,
  });

  if (query.isPending) return <Skeleton className="m-4 h-96" />;
  if (query.error) {
    return (
      <div className="p-4">
        <RefusalBanner message={query.error.message} />
      </div>
    );
  }
  if (query.data.phases.length === 0 || query.data.rows.length === 0) {
    return (
      <EmptyState title="No cycle recorded">
        Cycles are the turns of the innermost loop; they are folded here as they are recorded.
      </EmptyState>
    );
  }
  return <Folded run={run} cycles={query.data} />;
}

function Folded({ run, cycles }: { readonly run: Run; readonly cycles: RunCycles }) {
  const report = useQuery(runReportQuery(browserClient(useRuntimeConfig()), run.id));
  const [{ shade, cycle, phase }, setView] = useQueryStates(viewParams, { history: "replace" });
  const [hovered, setHovered] = useState<CellPlace | null>(null);
  const phases = useMemo(() => shadedPhases(cycles, shade), [cycles, shade]);
  const { rows } = cycles;
  const findings = report.data?.findings;
  const marks = useMemo(
    () =>
      findingMarks(
        findings ?? [],
        phases.map(({ phase }) => phase),
        rows,
      ),
    [findings, phases, rows],
  );

  const chosen = chosenPlace(cycles, cycle, phase, phases.length);
  const read = hovered ?? chosen;
  const [shaded, row] = read ? [phases[read.phase], rows[read.row]] : [];
  const cell = read ? shaded?.cells[read.row] : undefined;

  return (
    <>
      <CyclesToolbar cycles={cycles} phases={phases} chosen={chosen} />
      <p
        aria-live={hovered ? "off" : "polite"}
        className="mb-2 flex min-h-9 flex-wrap items-center gap-x-4 border-y border-line px-4 py-1.5 text-xs text-ink-muted"
      >
        {shaded && row && cell ? (
          <CellReading
            phase={shaded.phase}
            row={row}
            cell={cell}
            titles={read ? titlesOf(marks, read.phase, read.row) : []}
          />
        ) : (
          <span className="text-ink-faint">
            Point at a cell for its cycle; press, or use the arrow keys, to choose it.
          </span>
        )}
      </p>
      <Legend phases={phases} measure={shade} hasFinding={marks.length > 0} />
      <Strobe
        label={`Cycles of ${nameText(run.recipeName ?? "the run")}: a row per cycle, a column per step; the arrow keys go from cell to cell`}
        phases={phases}
        rows={rows}
        measure={shade}
        marks={marks}
        chosen={chosen}
        onChoose={(place) =>
          void setView({ cycle: rows[place.row]?.fromCycle ?? null, phase: place.phase + 1 })
        }
        onHover={setHovered}
      />
      <StrobeTable phases={phases} rows={rows} measure={shade} marks={marks} />
    </>
  );
}

/** The cell of a cycle and a phase from the address; null where there is none such. */
function chosenPlace(
  { rows }: RunCycles,
  cycle: number | null,
  phase: number | null,
  phases: number,
): CellPlace | null {
  if (cycle === null) return null;
  const row = rows.findIndex((one) => one.fromCycle <= cycle && cycle <= one.toCycle);
  const column = Math.min(phase ?? 1, phases) - 1;
  return row < 0 || column < 0 ? null : { row, phase: column };
}
