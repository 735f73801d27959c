import type { SequenceItem } from "#components/machine/step-sequence.ts";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape } from "#components/ui/shape.tsx";
import { formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

/** The steps of this cycle side by side; the words stand still, only the mark moves. */
export function CycleSequence({ items }: { readonly items: readonly SequenceItem[] }) {
  if (items.length === 0) return null;
  return (
    <ol
      aria-label="Steps of this block"
      className="grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] gap-px overflow-hidden rounded-md border border-line bg-line text-xs"
    >
      {items.map((item) => (
        <li
          key={item.id}
          aria-current={item.state === "current" ? "step" : undefined}
          className={joinClasses(
            "min-w-0 border-t-2 px-3 py-1.5",
            item.state === "current"
              ? "border-ink bg-raised text-ink"
              : "border-transparent bg-sunken text-ink-muted",
          )}
        >
          <span className={joinClasses("block truncate", item.state === "current" && "font-semibold")}>
            {item.name}
          </span>
          <span className="flex items-center gap-1 tabular-nums text-ink-faint">
            <Figures item={item} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Figures({ item }: { readonly item: SequenceItem }) {
  if (item.plannedMs === null) return <>× {item.iterations === null ? "" : formatCount(item.iterations)}</>;
  if (item.state !== "done") return <>{formatDuration(item.plannedMs)}</>;
  return (
    <>
      <Shape
        name={item.isDeviation ? "triangle" : "check"}
        className={joinClasses("size-2.5", item.isDeviation && "text-alarm-2")}
      />
      <span className={joinClasses(item.isDeviation && "font-semibold text-ink")}>
        {item.measuredMs === null ? "done" : formatDuration(item.measuredMs)}
      </span>
      <span className="sr-only">{item.isDeviation ? "deviation" : "done"}</span>
    </>
  );
}
