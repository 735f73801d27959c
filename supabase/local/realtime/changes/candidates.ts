/** Whose bindings a change is for, before and after Postgres was asked. */
import {
  bindingCovers,
  type ClaimSet,
  type CompiledBinding,
  type CompiledFilter,
  type Subscriber,
} from "../subscription.ts";
import { openFilters } from "./match.ts";
import { ERRORS } from "./payload.ts";
import type { Change } from "./replication.ts";
import type { TableCheck } from "./table-check.ts";

export type Candidate = {
  subscriber: Subscriber;
  binding: CompiledBinding;
  claimSet: ClaimSet;
  /** Filters that only Postgres can decide. */
  open: CompiledFilter[];
};

/** Every binding whose table, event and plain filters fit, with the claims its channel holds now. */
export function findCandidates(
  subscribers: ReadonlySet<Subscriber>,
  change: Change,
  check: TableCheck,
): Candidate[] {
  const found: Candidate[] = [];
  for (const subscriber of subscribers) {
    for (const binding of subscriber.active) {
      if (!bindingCovers(binding, change.relation.schema, change.relation.name)) continue;
      const open = openFilters(binding, change, check.table);
      if (open !== null) found.push({ subscriber, binding, claimSet: subscriber.claimSet, open });
    }
  }
  return found;
}

/** Null: deliver. "hidden": not for this subscriber. Else the error that takes the place of the values, as hosted. */
export function refusal(change: Change, check: TableCheck, { claimSet, open }: Candidate): string | null {
  if (!check.passes(change, open)) return "hidden";
  if (change.type === "DELETE") return check.verdict(change, claimSet) === "visible" ? null : "hidden";
  const { key } = check.table;
  if (key.length === 0) return ERRORS.noPrimaryKey;
  const selectable = check.selectable(claimSet.role);
  if (!key.every((name) => selectable.includes(name))) return ERRORS.unauthorized;
  const verdict = check.verdict(change, claimSet);
  if (verdict === "failed") return ERRORS.policyFailed;
  return verdict === "visible" ? null : "hidden";
}
