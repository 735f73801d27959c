import { formatMeasured, stepTitle } from "#components/compare/figures.ts";
import { Table, Td, Th } from "#components/ui/table.tsx";
import type { ComparedSeries, Comparison } from "#lib/model/comparison.ts";

interface SingleStepsProps {
  readonly series: readonly ComparedSeries[];
  readonly comparison: Comparison;
}

/** Steps that happen once in a run: a row says it all, a chart would say nothing more. */
export function SingleSteps({ series, comparison: { runs, unit } }: SingleStepsProps) {
  const said = (value: number | null | undefined) => (value == null ? "–" : formatMeasured(value, unit));
  return (
    <Table caption="Steps that happen once" isCaptionHidden={false}>
      <thead>
        <tr>
          <Th>Step</Th>
          <Th isNumeric>Good runs</Th>
          {runs.map(({ index }) => (
            <Th key={index} isNumeric>
              Run {index}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {series.map((one) => (
          <tr key={one.key}>
            <Td>{stepTitle(one)}</Td>
            <Td isNumeric>{said(one.envelope?.median[0])}</Td>
            {runs.map(({ index }) => (
              <Td key={index} isNumeric>
                {said(one.runs.find((run) => run.index === index)?.mean[0])}
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
