import { formatMeasured, formatX, stepTitle, X_NAMES } from "#components/compare/figures.ts";
import type { SeriesRow } from "#components/compare/series-rows.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import type { ComparedSeries, Comparison } from "#lib/model/comparison.ts";

interface SeriesTableProps {
  readonly series: ComparedSeries;
  readonly rows: readonly SeriesRow[];
  readonly comparison: Comparison;
}

/** The values of a chart, for whoever does not read pictures. */
export function SeriesTable({ series, rows, comparison: { align, unit } }: SeriesTableProps) {
  const said = (value: number | null | undefined) => (value == null ? "–" : formatMeasured(value, unit));
  return (
    <Table caption={`${stepTitle(series)}, run by run`} className="text-xs">
      <thead>
        <tr>
          <Th>{X_NAMES[align]}</Th>
          {series.envelope ? <Th isNumeric>Good runs</Th> : null}
          {series.runs.map(({ index }) => (
            <Th key={index} isNumeric>
              Run {index}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.x}>
            <Td>{formatX(row.x, align)}</Td>
            {series.envelope ? (
              <Td isNumeric>{row.band ? `${said(row.band[0])} to ${said(row.band[1])}` : "–"}</Td>
            ) : null}
            {series.runs.map(({ index }, place) => (
              <Td key={index} isNumeric>
                {said(row.means[place])}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
