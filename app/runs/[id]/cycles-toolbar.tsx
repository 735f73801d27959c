import { useQueryStates } from "nuqs";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import type { CellPlace } from "#components/strobe/layout.ts";
import { type Measure, measures, type ShadedPhase } from "#components/strobe/shade.ts";
import { Button } from "#components/ui/button.tsx";
import { Segments } from "#components/ui/segments.tsx";
import type { RunCycles } from "#lib/model/cycles.ts";
import { counted, formatCount } from "#lib/view/count.ts";

interface CyclesToolbarProps {
  readonly cycles: RunCycles;
  readonly phases: readonly ShadedPhase[];
  readonly chosen: CellPlace | null;
}

const NAMES: Readonly<Record<Measure, string>> = { duration: "Duration", peak: "Pressure peak" };
const CHOICES = measures.map((value) => ({ value, name: NAMES[value] }));

/** Which cycles are shown and by what, and where to go from the chosen one. */
export function CyclesToolbar({ cycles, phases, chosen }: CyclesToolbarProps) {
  const [{ shade, cfrom }, setView] = useQueryStates(viewParams);
  const row = chosen ? cycles.rows[chosen.row] : undefined;
  const cell = chosen ? phases[chosen.phase]?.cells[chosen.row] : undefined;
  const perRow = row ? row.toCycle - row.fromCycle + 1 : 1;
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-2.5 text-xs text-ink-muted">
      <span>
        {cycles.fromCycle === cycles.toCycle
          ? `Cycle ${formatCount(cycles.fromCycle)}`
          : `Cycles ${formatCount(cycles.fromCycle)} to ${formatCount(cycles.toCycle)}`}
        {cycles.totalCycles === null ? "" : ` of ${formatCount(cycles.totalCycles)}`}
      </span>
      <Segments
        label="What the shades tell"
        value={shade}
        choices={CHOICES}
        onChange={(value) => void setView({ shade: value })}
      />
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        {row && perRow > 1 ? (
          <Button
            size="sm"
            onClick={() => void setView({ cfrom: row.fromCycle, cto: row.toCycle, cycle: null, phase: null })}
          >
            Show these {counted(perRow, "cycle")}
          </Button>
        ) : null}
        {row ? (
          <Button
            size="sm"
            onClick={() =>
              void setView({
                tab: "timeline",
                from: round(row.startMs),
                to: round(Math.max(row.endMs, row.startMs + 1)),
                span: null,
                step: cell?.worstSeq ?? row.fromSeq,
              })
            }
          >
            Open in the timeline
          </Button>
        ) : null}
        <Button
          size="sm"
          disabled={cfrom === null}
          onClick={() => void setView({ cfrom: null, cto: null, cycle: null, phase: null })}
        >
          All cycles
        </Button>
      </div>
    </div>
  );
}

/** The address keeps hundredths of a millisecond. */
const round = (ms: number): number => Math.round(ms * 100) / 100;
