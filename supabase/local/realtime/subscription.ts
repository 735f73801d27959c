/** What a channel has subscribed to, as the delivery of changes sees it. */
import type { Claims } from "../keys.ts";
import type { Filter } from "./channels/filter.ts";
import type { ProtocolVersion } from "./channels/protocol.ts";

export type ChangeEvent = "*" | "INSERT" | "UPDATE" | "DELETE";

/** One entry of `postgres_changes` in a join; `*` for schema or table means every published one. */
export type Binding = {
  id: number;
  event: ChangeEvent;
  schema: string;
  table: string;
  filters: readonly Filter[];
  select: readonly string[] | null;
};

/**
 * `texts`: canonical text of the operands where comparing text is exact; null means compare in SQL.
 * `key` tells filters apart, so that one shared by many subscribers is compared once.
 */
export type CompiledFilter = Filter & { texts: readonly string[] | null; key: string };

export type CompiledBinding = Omit<Binding, "filters"> & { filters: readonly CompiledFilter[] };

/** One set of claims; `key` is its text, so that equal sets are checked once. */
export type ClaimSet = { key: string; role: string; claims: Claims };

export type Subscriber = {
  readonly topic: string;
  readonly version: ProtocolVersion;
  /** Claims of the token the channel holds now. */
  readonly claimSet: ClaimSet;
  /** Empty until the subscription is confirmed and after the channel closed. */
  readonly active: readonly CompiledBinding[];
  sendText(frame: string): void;
  /** Tells the client that the subscription (again) receives changes; changes before may be missing. */
  announce(): void;
};

export function claimSet(claims: Claims): ClaimSet {
  return { key: JSON.stringify(claims), role: claims.role, claims };
}

export function bindingCovers(binding: CompiledBinding, schema: string, table: string): boolean {
  return (
    (binding.schema === "*" || binding.schema === schema) &&
    (binding.table === "*" || binding.table === table)
  );
}
