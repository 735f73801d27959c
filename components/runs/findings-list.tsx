import { Card, CardHeader } from "#components/ui/card.tsx";
import { Shape } from "#components/ui/shape.tsx";
import { counted, formatCount } from "#lib/view/count.ts";
import type { FindingLine } from "#lib/view/finding-lines.ts";

interface FindingsListProps {
  readonly lines: readonly FindingLine[];
  /** All there are; more than lines where only the first are listed. */
  readonly total: number;
  readonly hasMore: boolean;
  /** Steps that are not in the record; null when all are. */
  readonly missing: string | null;
  readonly counts: readonly string[];
  readonly onSelect: (seq: number) => void;
}

/** What was wrong with a run, each with its step and cycle; a press leads there. */
export function FindingsList({ lines, total, hasMore, missing, counts, onSelect }: FindingsListProps) {
  return (
    <Card aria-labelledby="findings">
      <CardHeader id="findings" title="Findings" note={counts.join(" · ")} />
      {missing === null ? null : (
        <p className="flex items-center gap-2.5 border-b border-line px-4 py-2 text-sm">
          <Shape name="diamond" className="size-3 text-alarm-1" />
          {missing}
        </p>
      )}
      <ul className="max-h-72 overflow-y-auto">
        {lines.map((line) => (
          <li key={line.key} className="border-b border-line last:border-b-0">
            <button
              type="button"
              onClick={() => onSelect(line.seq)}
              className="grid w-full grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-2.5 px-4 py-2 text-left text-sm hover:bg-hover/60 focus-visible:-outline-offset-2 md:grid-cols-[auto_minmax(0,16rem)_minmax(0,1fr)_auto]"
            >
              <Shape name="triangle" className="size-2.5 text-alarm-2" />
              <span className="font-medium">{line.title}</span>
              <span className="col-start-2 min-w-0 text-ink-muted [overflow-wrap:anywhere] md:col-start-auto">
                <bdi>{line.subject}</bdi>
                {line.reading === "" ? "" : ` · ${line.reading}`}
              </span>
              <span className="col-start-2 text-xs text-ink-faint tabular-nums md:col-start-auto">
                {line.where}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {total > lines.length || hasMore ? (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-faint">
          {total > lines.length
            ? `The first ${formatCount(lines.length)} of ${counted(total, "finding")}. `
            : ""}
          {hasMore
            ? "More steps lie outside of their norms than were looked into; the Cycles tab shows all."
            : ""}
        </p>
      ) : null}
    </Card>
  );
}
