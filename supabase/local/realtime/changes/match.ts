/** Whether a change passes the filters of a binding, as far as that can be told without asking Postgres. */

import type { CompiledBinding, CompiledFilter } from "../subscription.ts";
import type { Table } from "./catalogue.ts";
import type { Row } from "./pgoutput.ts";
import type { Change } from "./replication.ts";

/** The values a filter looks at: the new row, for a DELETE the old one (its key, unless replica identity is full). */
export function filteredRow(change: Change): Row {
  return (change.type === "DELETE" ? change.old : change.record) ?? {};
}

/**
 * The filters that SQL still has to decide; null when the change is not for this binding. A filter on a value the
 * change does not carry (unchanged TOAST, non-key column of a DELETE) does not pass.
 */
export function openFilters(binding: CompiledBinding, change: Change, table: Table): CompiledFilter[] | null {
  if (binding.event !== "*" && binding.event !== change.type) return null;
  const row = filteredRow(change);
  const open: CompiledFilter[] = [];
  for (const filter of binding.filters) {
    const value = row[filter.column];
    const passes = value === undefined ? whenNotCarried(filter, change, table) : passesText(filter, value);
    if (passes === false) return null;
    if (passes === null) open.push(filter);
  }
  return open;
}

/** The filter's verdict on a text value; null when only SQL can tell. */
function passesText(filter: CompiledFilter, value: string | null): boolean | null {
  const { op, negate } = filter;
  if (op === "is") return (value === keywordText(filter.value)) !== negate;
  if (filter.texts === null) return null;
  if (op === "isdistinct") return (value !== filter.texts[0]) !== negate;
  if (value === null) return false;
  if (op === "neq") return (value !== filter.texts[0]) !== negate;
  return filter.texts.includes(value) !== negate;
}

/** A generated column is never carried; it is worked out in SQL, so that is where its filter is decided. */
function whenNotCarried(filter: CompiledFilter, change: Change, table: Table): false | null {
  const isGenerated = table.generated.some(({ name }) => name === filter.column);
  return isGenerated && change.type !== "DELETE" ? null : false;
}

function keywordText(keyword: string): string | null {
  return keyword === "true" ? "t" : keyword === "false" ? "f" : null;
}
