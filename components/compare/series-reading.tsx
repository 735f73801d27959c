import { formatMeasured, formatX, X_NAMES } from "#components/compare/figures.ts";
import { RunKey } from "#components/compare/run-key.tsx";
import type { SeriesRow } from "#components/compare/series-rows.ts";
import type { ComparedSeries, Comparison } from "#lib/model/comparison.ts";

interface SeriesReadingProps {
  readonly row: SeriesRow;
  readonly series: ComparedSeries;
  readonly comparison: Comparison;
}

/** The figures of one place on a chart. */
export function SeriesReading({ row, series, comparison: { align, unit } }: SeriesReadingProps) {
  return (
    <div className="rounded-md border border-line bg-raised px-3 py-2 text-xs shadow-high">
      <p className="font-semibold">
        {X_NAMES[align]} {formatX(row.x, align)}
      </p>
      {row.band ? (
        <p className="text-ink-muted">
          good runs {formatMeasured(row.band[0], unit)} to {formatMeasured(row.band[1], unit)}
        </p>
      ) : null}
      <ul className="mt-1 grid gap-0.5">
        {series.runs.map(({ index }, place) => {
          const mean = row.means[place];
          return (
            <li key={index} className="flex items-center gap-2">
              <RunKey index={index} />
              {mean === null || mean === undefined ? "–" : formatMeasured(mean, unit)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
