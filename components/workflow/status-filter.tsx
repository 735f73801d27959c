import { joinClasses } from "#components/ui/join-classes.ts";
import { type WorkStatus, workStatuses, workStatusLabel } from "#lib/model/workflow.ts";
import { formatCount } from "#lib/view/count.ts";
import type { WorkTally } from "#lib/view/workflow-rows.ts";

interface StatusFilterProps {
  readonly value: WorkStatus | null;
  /** Of all steps, whatever is shown. */
  readonly tally: WorkTally;
  readonly onChange: (status: WorkStatus | null) => void;
}

/** One status or all, each with how many steps have it. */
export function StatusFilter({ value, tally, onChange }: StatusFilterProps) {
  const total = workStatuses.reduce((sum, status) => sum + tally[status], 0);
  const choices = [
    { status: null, name: "All", count: total },
    ...workStatuses.map((status) => ({ status, name: workStatusLabel(status), count: tally[status] })),
  ];
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">Status</legend>
      {choices.map(({ status, name, count }) => (
        <button
          key={name}
          type="button"
          aria-pressed={value === status}
          onClick={() => onChange(status)}
          className={joinClasses(
            "flex h-9 items-center gap-2 rounded-md border px-3 text-sm font-medium",
            value === status
              ? "border-accent bg-accent-soft text-accent"
              : "border-line bg-surface text-ink-muted hover:bg-hover hover:text-ink",
          )}
        >
          {name} <span className="font-normal tabular-nums">{formatCount(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}
