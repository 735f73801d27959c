import { Shape } from "#components/ui/shape.tsx";
import { Table, Td, Th } from "#components/ui/table.tsx";
import type { RunReport } from "#lib/model/report.ts";
import { counted } from "#lib/view/count.ts";
import { findingLine, missingSentence } from "#lib/view/finding-lines.ts";

/** What was wrong with a run, and what is missing of its record, on paper. */
export function FindingsTable({ report }: { readonly report: RunReport }) {
  const missing = missingSentence(report);
  const lines = report.findings.map(findingLine);
  return (
    <>
      {missing === null ? null : (
        <p className="flex items-center gap-2 px-4 py-2 text-sm">
          <Shape name="diamond" className="size-3 text-alarm-1" />
          {missing}
        </p>
      )}
      {lines.length === 0 ? (
        <p className="px-4 py-3 text-sm text-ink-muted">Nothing was found outside of its norms.</p>
      ) : (
        <Table caption="What was found">
          <thead>
            <tr>
              <Th>Finding</Th>
              <Th>Step</Th>
              <Th>How far</Th>
              <Th>Where</Th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <Td>{line.title}</Td>
                <Td>
                  <bdi>{line.subject}</bdi>
                </Td>
                <Td>{line.reading}</Td>
                <Td>{line.where}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {report.findingsTotal > lines.length ? (
        <p className="px-4 py-2 text-xs text-ink-faint">
          The first {lines.length} of {counted(report.findingsTotal, "finding")}.
        </p>
      ) : null}
    </>
  );
}
