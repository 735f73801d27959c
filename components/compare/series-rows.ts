import type { ComparedSeries } from "#lib/model/comparison.ts";

/** One place on the chart of a step. `means`: of each run, in the order of the series' runs. */
export type SeriesRow = {
  readonly x: number;
  readonly band: readonly [number, number] | null;
  readonly median: number | null;
  readonly means: readonly (number | null)[];
};

export const seriesRows = ({ x, envelope, runs }: ComparedSeries): readonly SeriesRow[] =>
  x.map((at, row) => {
    const [min, max] = [envelope?.min[row] ?? null, envelope?.max[row] ?? null];
    return {
      x: at,
      band: min === null || max === null ? null : [min, max],
      median: envelope?.median[row] ?? null,
      means: runs.map(({ mean }) => mean[row] ?? null),
    };
  });

/** All that is drawn, with room: jitter of a healthy valve does not fill the height (`least` in the unit of the values). */
export function seriesRange(rows: readonly SeriesRow[], least: number): readonly [number, number] {
  const values = rows.flatMap(({ band, means }) => [
    ...(band ?? []),
    ...means.filter((mean) => mean !== null),
  ]);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 0.1, (least - (high - low)) / 2, Math.abs(high) * 0.01);
  return [Math.max(0, low - room), high + room];
}

/** The row on which the number of a run stands: spread over the picture, so that no two hide each other. */
export function numberRow(mean: readonly (number | null)[], place: number, places: number): number | null {
  const wanted = Math.round(((place + 0.5) / places) * (mean.length - 1));
  const known = mean.flatMap((value, row) => (value === null ? [] : [row]));
  if (known.length === 0) return null;
  return known.reduce((best, row) => (Math.abs(row - wanted) < Math.abs(best - wanted) ? row : best));
}
