/**
 * Takes committed changes to the sockets that may see them: one SQL round trip per batch answers for every table,
 * key, claim set and filter of it, and what is committed meanwhile forms the next batch. Order is commit order.
 */
import type { Pool } from "pg";
import { encodeChange } from "../channels/protocol.ts";
import { bindingCovers, type Subscriber } from "../subscription.ts";
import { type Candidate, findCandidates, refusal } from "./candidates.ts";
import type { Catalogue } from "./catalogue.ts";
import { changeData, refusedData } from "./payload.ts";
import type { Relation } from "./pgoutput.ts";
import type { Change } from "./replication.ts";
import { type Check, TableCheck } from "./table-check.ts";

export type DeliveryOptions = {
  pool: Pool;
  catalogue: Catalogue;
  subscribers: ReadonlySet<Subscriber>;
  /** A batch could not be checked and was dropped: subscribers have a gap. */
  onGap(): void;
  log(line: string): void;
};

type Planned = { change: Change; check: TableCheck; candidates: Candidate[] };

const BATCH_CHANGES = 500;
const WAITING_CHANGES = 4_000;
const REMEMBERED_FAILURES = 200;

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #waiting: Change[] = [];
  readonly #reported = new Set<string>();
  #pumping: Promise<void> | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Queues a change; the promise, when there is one, holds the log reader back until the queue is short again. */
  push(change: Change): Promise<void> | void {
    if (!this.#isWanted(change)) return;
    this.#waiting.push(change);
    if (this.#waiting.length >= BATCH_CHANGES) this.#pumping ??= this.#pump();
    if (this.#waiting.length >= WAITING_CHANGES && this.#pumping !== null) return this.#pumping;
  }

  /** A transaction has been read to its end: its changes are one batch, not the first of them and then the others. */
  commit(): void {
    if (this.#waiting.length > 0) this.#pumping ??= this.#pump();
  }

  /** Settles when nothing is queued or under way. */
  async idle(): Promise<void> {
    await this.#pumping;
  }

  #isWanted({ relation }: Change): boolean {
    for (const { active } of this.#options.subscribers) {
      if (active.some((binding) => bindingCovers(binding, relation.schema, relation.name))) return true;
    }
    return false;
  }

  async #pump(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_CHANGES);
      try {
        await this.#deliver(batch);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log(
          `realtime: ${batch.length} changes could not be checked and were dropped: ${reason}`,
        );
        this.#options.onGap();
      }
    }
    this.#pumping = null;
  }

  async #deliver(batch: readonly Change[]): Promise<void> {
    const planned = await this.#plan(batch);
    if (planned.length === 0) return;
    const checks = [...new Set(planned.map(({ check }) => check))];
    await this.#runChecks(
      checks,
      planned.map(({ change }) => change.xid),
    );
    this.#report(checks);
    for (const each of planned) this.#send(each);
  }

  async #plan(batch: readonly Change[]): Promise<Planned[]> {
    const { catalogue, subscribers } = this.#options;
    await catalogue.learn(new Set(batch.map(({ relation }) => relation)));
    const checks = new Map<Relation, TableCheck>();
    const planned: Planned[] = [];
    for (const change of batch) {
      const table = catalogue.table(change.relation);
      if (table === null) continue;
      const check = checks.get(change.relation) ?? new TableCheck(change.relation, table);
      checks.set(change.relation, check);
      const candidates = findCandidates(subscribers, change, check);
      for (const { claimSet, open } of candidates) check.ask(change, claimSet, open);
      if (candidates.length > 0) planned.push({ change, check, candidates });
    }
    return planned;
  }

  async #runChecks(checks: readonly TableCheck[], xids: readonly number[]): Promise<void> {
    const { rows } = await this.#options.pool.query<{ checks: Check[] }>({
      name: "check_changes",
      text: "select realtime.check_changes($1::bigint[], $2::jsonb) as checks",
      values: [[...new Set(xids)], JSON.stringify(checks.map((check) => check.job()))],
    });
    for (const [index, check] of checks.entries()) check.answer(rows[0]?.checks[index] ?? null);
  }

  /** Says each distinct failure once: a policy that raises would otherwise fill the log with every change. */
  #report(checks: readonly TableCheck[]): void {
    for (const check of checks) {
      for (const failure of check.failures()) {
        const line = `realtime: changes of ${check.relation.schema}.${check.relation.name}: ${failure}`;
        if (this.#reported.has(line) || this.#reported.size >= REMEMBERED_FAILURES) continue;
        this.#reported.add(line);
        this.#options.log(line);
      }
    }
  }

  #send({ change, check, candidates }: Planned): void {
    const messages = new Map<Subscriber, Map<string, { ids: number[]; data: () => string }>>();
    const encoded = new Map<string, string>();
    for (const candidate of candidates) {
      const { subscriber, binding, claimSet } = candidate;
      const error = refusal(change, check, candidate);
      if (error === "hidden") continue;
      const view = error ?? `${claimSet.role} ${binding.select?.join() ?? "*"}`;
      const data = () => {
        const known = encoded.get(view) ?? this.#encode(change, check, candidate, error);
        encoded.set(view, known);
        return known;
      };
      const views = messages.get(subscriber) ?? new Map<string, { ids: number[]; data: () => string }>();
      const message = views.get(view) ?? { ids: [], data };
      message.ids.push(binding.id);
      messages.set(subscriber, views.set(view, message));
    }
    for (const [subscriber, views] of messages) {
      if (subscriber.active.length === 0) continue;
      for (const { ids, data } of views.values()) {
        subscriber.sendText(encodeChange(subscriber.version, subscriber.topic, ids, data()));
      }
    }
  }

  #encode(change: Change, check: TableCheck, { binding, claimSet }: Candidate, error: string | null): string {
    if (error !== null) return refusedData(change, error);
    const view = {
      selectable: check.selectable(claimSet.role),
      select: binding.select,
      hasRls: check.hasRls,
    };
    return changeData(change, check.table, this.#options.catalogue.types, view);
  }
}
