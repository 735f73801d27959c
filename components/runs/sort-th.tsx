import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Th } from "#components/ui/table.tsx";
import type { RunOrder, RunSort } from "#lib/model/run-list.ts";

interface SortThProps {
  readonly sort: RunSort;
  /** The order of the list; null where it cannot be chosen. */
  readonly order: RunOrder | null;
  readonly onSort: ((order: RunOrder) => void) | undefined;
  readonly isNumeric?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Names and numbers are first wanted from different ends. */
const UPWARDS: ReadonlySet<RunSort> = new Set(["recipe", "machine", "operator", "status"]);

/** The head of a column: pressed, the list is ordered by it; pressed again, the other way round. */
export function SortTh({ sort, order, onSort, isNumeric = false, className, children }: SortThProps) {
  const isOwn = order?.sort === sort;
  const Arrow = order?.isDescending ? ArrowDown : ArrowUp;
  if (!onSort) {
    return (
      <Th isNumeric={isNumeric} {...(className && { className })}>
        {children}
      </Th>
    );
  }
  return (
    <Th
      isNumeric={isNumeric}
      aria-sort={isOwn ? (order.isDescending ? "descending" : "ascending") : "none"}
      {...(className && { className })}
    >
      <button
        type="button"
        onClick={() => onSort({ sort, isDescending: isOwn ? !order.isDescending : !UPWARDS.has(sort) })}
        className={joinClasses(
          "-mx-1 inline-flex h-7 items-center gap-1 rounded-sm px-1 hover:text-ink",
          isOwn && "text-ink",
        )}
      >
        {children}
        <Arrow className={joinClasses("size-3", !isOwn && "invisible")} aria-hidden="true" />
      </button>
    </Th>
  );
}
