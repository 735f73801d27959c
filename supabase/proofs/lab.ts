/** People, machines and recipes for proofs, on any database with the migrations; every proof makes its own. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "pg";
import {
  type Answer,
  begin,
  type Call,
  type Caller,
  type Fate,
  type Level,
  repeatableReadFunctions,
  send,
  statementOf,
} from "./call.ts";

export type Violation = {
  invariant: string;
  machine_id: string | null;
  run_id: string | null;
  detail: string;
};
export type Row = Record<string, unknown>;

export class Lab {
  readonly pool: Pool;
  /** Lost races so far, by SQLSTATE. */
  readonly retries = new Map<string, number>();
  readonly #atRepeatableRead: Set<string>;
  readonly #everywhere: Level | undefined;

  private constructor(pool: Pool, atRepeatableRead: Set<string>, everywhere: Level | undefined) {
    this.pool = pool;
    this.#atRepeatableRead = atRepeatableRead;
    this.#everywhere = everywhere;
  }

  /** `everywhere` runs every call at this level, also those that do not ask for it. */
  static async open(dbUrl: string, connections = 8, everywhere?: Level): Promise<Lab> {
    const pool = new Pool({ connectionString: dbUrl, max: connections, connectionTimeoutMillis: 20_000 });
    // Postgres may be killed under a proof; the query under way then fails, and that failure is the one to handle.
    pool.on("error", () => undefined);
    pool.on("connect", (client) => client.on("error", () => undefined));
    return new Lab(pool, await repeatableReadFunctions(pool), everywhere);
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  levelOf(fn: string): Level {
    return this.#atRepeatableRead.has(fn) ? "repeatable read" : (this.#everywhere ?? "read committed");
  }

  call(call: Call, fate?: Fate): Promise<Answer | null> {
    return send(this.pool, call.caller, this.levelOf(call.fn), statementOf(call), fate, this.#countRetry);
  }

  /** A call whose reply arrives. */
  async answer(call: Call): Promise<Answer> {
    const answer = await this.call(call);
    if (answer === null) throw new Error(`${call.fn} was not answered`);
    return answer;
  }

  /** One call after the other: the second waits for what the first holds, and the first is committed then. */
  async inTurn(first: Call, second: Call): Promise<[Answer, Answer]> {
    const one = await begin(this.pool, first.caller, this.levelOf(first.fn), statementOf(first));
    const other = this.answer(second);
    await this.untilBlockedBy(one.pid);
    await one.commit();
    return [one.answer, await other];
  }

  /** Done when a session waits for a lock that this one holds. */
  async untilBlockedBy(pid: number): Promise<void> {
    for (;;) {
      const waiting = await this.sql(
        "select 1 from pg_stat_activity where datname = current_database() and $1 = any (pg_blocking_pids(pid))",
        [pid],
      );
      if (waiting.length > 0) return;
      await delay(5);
    }
  }

  /** A table write as a controller makes it through the REST interface: one statement, one transaction. */
  async write(caller: Caller, text: string, values: unknown[]): Promise<Answer> {
    const level = this.#everywhere ?? "read committed";
    const answer = await send(this.pool, caller, level, { text, values }, "delivered", this.#countRetry);
    if (answer === null) throw new Error("a write was not answered");
    return answer;
  }

  /** As the owner of the database, past every right. */
  async sql<R extends Row = Row>(text: string, values: unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>(text, values)).rows;
  }

  async violations(machineId: string | null = null): Promise<Violation[]> {
    return this.sql<Violation>("select * from public.check_invariants($1)", [machineId]);
  }

  async machine(status = "idle", machineType = "thermal-ald"): Promise<string> {
    return this.#id(
      "insert into public.machines (serial_number, name, status, machine_type) values ($1, 'Proof machine', $2, $3) returning id",
      [randomUUID(), status, machineType],
    );
  }

  async person(role: string): Promise<string> {
    const id = await this.#id("insert into auth.users (id, email) values ($1, $2) returning id", [
      randomUUID(),
      `${randomUUID()}@proof.local`,
    ]);
    await this.sql("insert into public.profiles (id, full_name, role) values ($1, $2, $3)", [id, role, role]);
    return id;
  }

  async assign(personId: string, machineId: string): Promise<void> {
    await this.sql("insert into public.user_machine_assignments (user_id, machine_id) values ($1, $2)", [
      personId,
      machineId,
    ]);
  }

  /** A loop of `cycles` pulses and purges; 0 cycles is a loop without steps, which cannot be played. */
  async recipe(cycles = 2, machineType = "thermal-ald"): Promise<string> {
    const id = await this.#id(
      "insert into public.recipes (name, machine_type) values ('Proof recipe', $1) returning id",
      [machineType],
    );
    const loop = await this.#recipeStep(id, 1, "loop", null);
    await this.sql("insert into public.loop_step_config (step_id, iteration_count) values ($1, $2)", [
      loop,
      Math.max(cycles, 1),
    ]);
    if (cycles === 0) return id;
    const valve = await this.#recipeStep(id, 2, "valve", loop);
    await this.sql(
      "insert into public.valve_step_config (step_id, valve_number, duration_ms) values ($1, 1, 100)",
      [valve],
    );
    const purge = await this.#recipeStep(id, 3, "purge", loop);
    await this.sql("insert into public.purge_step_config (step_id, duration_ms) values ($1, 3000)", [purge]);
    return id;
  }

  #recipeStep(recipeId: string, number: number, type: string, parent: string | null): Promise<string> {
    return this.#id(
      "insert into public.recipe_steps (recipe_id, sequence_number, name, type, parent_step_id) values ($1, $2, $3, $3, $4) returning id",
      [recipeId, number, type, parent],
    );
  }

  async #id(text: string, values: unknown[]): Promise<string> {
    const [row] = await this.sql<{ id: string }>(text, values);
    if (row === undefined) throw new Error("nothing was inserted");
    return row.id;
  }

  readonly #countRetry = (code: string): void => {
    this.retries.set(code, (this.retries.get(code) ?? 0) + 1);
  };
}

/** A step report as a controller sends it. */
export const stepReport = (seq: number, more: object = {}): object => ({
  seq,
  step_type: seq % 2 === 1 ? "valve" : "purge",
  step_name: `step ${seq}`,
  planned_ms: 100,
  device_started_at: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(),
  parameters: seq % 2 === 1 ? { valve_number: 1, valve_duration_ms: 100 } : { purge_duration_ms: 100 },
  ...more,
});
