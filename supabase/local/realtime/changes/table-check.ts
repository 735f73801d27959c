/** What has to be asked of Postgres about a batch's changes to one table, and the answers. */
import type { Claims } from "../../keys.ts";
import type { ClaimSet, CompiledFilter } from "../subscription.ts";
import type { Table } from "./catalogue.ts";
import { filteredRow } from "./match.ts";
import type { Relation, Row } from "./pgoutput.ts";
import type { Change } from "./replication.ts";

type Failure = { error: string };

/** The answer of `realtime.check_table`, each list in the order asked; null when the table is gone. */
export type Check = {
  hasRls: boolean;
  /** Selectable columns by role. */
  columns: Record<string, string[]>;
  /** Row numbers that pass each filter. */
  passed: (number[] | Failure)[];
  /** Row numbers that each claim set can select. */
  seen: (number[] | Failure)[];
  /** Generated values by row number. */
  generated: Record<string, string | null>[] | Failure;
} | null;

export type Verdict = "visible" | "hidden" | "failed";

export class TableCheck {
  readonly relation: Relation;
  readonly table: Table;
  readonly #changes: Change[] = [];
  readonly #rows = new Map<Change, number>();
  readonly #claims = new Map<string, { claims: Claims; rows: Set<number> }>();
  readonly #filters = new Map<string, { filter: CompiledFilter; rows: Set<number> }>();
  readonly #seen = new Map<string, Set<number> | Failure>();
  readonly #passed = new Map<string, Set<number>>();
  #check: Check = null;

  constructor(relation: Relation, table: Table) {
    this.relation = relation;
    this.table = table;
  }

  /** Asks whether these claims see the change and whether it passes these filters. */
  ask(change: Change, { key, claims }: ClaimSet, filters: readonly CompiledFilter[]): void {
    const row = this.#rowOf(change);
    getOrAdd(this.#claims, key, () => ({ claims, rows: new Set<number>() })).rows.add(row);
    for (const filter of filters) {
      getOrAdd(this.#filters, filter.key, () => ({ filter, rows: new Set<number>() })).rows.add(row);
    }
  }

  /** The argument of `realtime.check_table`. */
  job(): object {
    const { key, generated } = this.table;
    return {
      table: this.relation.relationOid >>> 0,
      key,
      roles: [...new Set([...this.#claims.values()].map(({ claims }) => claims.role))],
      claims: [...this.#claims.values()].map(({ claims, rows }) => ({
        claims,
        rows: [...rows].flatMap((row) => this.#keyRow(row)),
      })),
      filters: [...this.#filters.values()].map(({ filter, rows }) => this.#filterJob(filter, [...rows])),
      generated,
      bases: generated.length === 0 ? [] : this.#changes.map((change, row) => this.#baseRow(change, row)),
    };
  }

  answer(check: Check): void {
    this.#check = check;
    if (check === null) return;
    for (const [index, key] of [...this.#claims.keys()].entries())
      this.#seen.set(key, asSet(check.seen[index]));
    for (const [index, key] of [...this.#filters.keys()].entries()) {
      const passed = asSet(check.passed[index]);
      this.#passed.set(key, passed instanceof Set ? passed : new Set());
    }
    const { generated } = check;
    if (Array.isArray(generated)) this.#addGenerated(generated);
  }

  /** Whether a person with these claims may see the change. A DELETE is not asked for, as on the hosted service. */
  verdict(change: Change, { key }: ClaimSet): Verdict {
    if (this.#check === null) return "hidden";
    if (change.type === "DELETE") return "visible";
    const seen = this.#seen.get(key);
    if (!(seen instanceof Set)) return "failed";
    return seen.has(this.#rowOf(change)) ? "visible" : "hidden";
  }

  passes(change: Change, filters: readonly CompiledFilter[]): boolean {
    return filters.every((filter) => this.#passed.get(filter.key)?.has(this.#rowOf(change)) ?? false);
  }

  get hasRls(): boolean {
    return this.#check?.hasRls ?? true;
  }

  selectable(role: string): readonly string[] {
    return this.#check?.columns[role] ?? [];
  }

  /** What went wrong, in Postgres' words. */
  failures(): string[] {
    if (this.#check === null) return [];
    const answers = [...this.#check.seen, ...this.#check.passed, this.#check.generated];
    return answers.flatMap((answer) => ("error" in answer ? [answer.error] : []));
  }

  #rowOf(change: Change): number {
    return getOrAdd(this.#rows, change, () => this.#changes.push(change) - 1);
  }

  #keyRow(row: number): object[] {
    const record = this.#changes[row]?.record;
    if (!record) return [];
    return [{ __row: row, ...pick(record, this.table.key) }];
  }

  #baseRow(change: Change, row: number): object {
    const bases = this.table.generated.flatMap((column) => Object.keys(column.bases));
    return { __row: row, ...pick(filteredRow(change), bases) };
  }

  #filterJob(filter: CompiledFilter, rows: number[]): object {
    const isGenerated = this.table.generated.some(({ name }) => name === filter.column);
    const values = rows.map((row) => {
      const change = this.#changes[row];
      return change === undefined ? null : (filteredRow(change)[filter.column] ?? null);
    });
    return { ...filter, rows, values: isGenerated ? null : values };
  }

  /** A generated value is known when every column it is made of was carried; else it stays absent like them. */
  #addGenerated(values: Record<string, string | null>[]): void {
    for (const [row, change] of this.#changes.entries()) {
      const { record } = change;
      if (record === null) continue;
      const known = this.table.generated.filter(({ bases }) =>
        Object.keys(bases).every((name) => record[name] !== undefined),
      );
      change.record = {
        ...record,
        ...pick(
          values[row] ?? {},
          known.map(({ name }) => name),
        ),
      };
    }
  }
}

function asSet(answer: number[] | Failure | undefined): Set<number> | Failure {
  return Array.isArray(answer) ? new Set(answer) : (answer ?? { error: "no answer" });
}

function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
