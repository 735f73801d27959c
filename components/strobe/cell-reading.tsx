import { Shape } from "#components/ui/shape.tsx";
import type { CycleCell, CyclePhase, CycleRow } from "#lib/model/cycles.ts";
import { durationMs } from "#lib/time.ts";
import { formatDeviation, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";
import { formatReading } from "#lib/view/quantity.ts";

interface CellReadingProps {
  readonly phase: CyclePhase;
  readonly row: CycleRow;
  readonly cell: CycleCell;
  /** What was found of it. */
  readonly titles: readonly string[];
}

/** "Cycle 27" or "Cycles 51 to 60". */
export const cyclesText = ({ fromCycle, toCycle }: CycleRow): string =>
  fromCycle === toCycle
    ? `Cycle ${formatCount(fromCycle)}`
    : `Cycles ${formatCount(fromCycle)} to ${formatCount(toCycle)}`;

/** One cell in words. */
export function CellReading({ phase, row, cell, titles }: CellReadingProps) {
  const isMean = cell.count > 1;
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <span className="font-semibold text-ink">{cyclesText(row)}</span>
      <bdi className="[overflow-wrap:anywhere]">{nameText(phase.stepName)}</bdi>
      {cell.count === 0 ? <span>not played</span> : null}
      {phase.plannedMs === null ? null : (
        <Named name="planned">{formatDuration(durationMs(phase.plannedMs))}</Named>
      )}
      {cell.measuredMs === null ? null : (
        <Named name={isMean ? "measured, mean" : "measured"}>
          {formatDuration(durationMs(cell.measuredMs))}
        </Named>
      )}
      {cell.peakTorr === null ? null : (
        <Named name={isMean ? "peak, mean" : "peak"}>{formatReading(cell.peakTorr, "Torr")}</Named>
      )}
      {cell.worstMs === null ? null : (
        <Named name={isMean ? "worst off" : "off"}>{formatDeviation(durationMs(cell.worstMs))}</Named>
      )}
      {cell.deviations > 0 ? (
        <span className="inline-flex items-center gap-1 font-medium text-alarm-2">
          <Shape name="triangle" className="size-2.5" />
          {cell.deviations === 1 ? "deviation" : `${formatCount(cell.deviations)} deviations`}
        </span>
      ) : null}
      {titles.map((title) => (
        <span key={title} className="inline-flex items-center gap-1 font-medium text-alarm-2">
          <Shape name="triangle" className="size-2.5" />
          {title}
        </span>
      ))}
    </span>
  );
}

function Named({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <span>
      {name} <span className="tabular-nums text-ink">{children}</span>
    </span>
  );
}
