// One call of a database function the way PostgREST makes it: a transaction of its own at the level the function asks
// for, with the role and the claims of the caller. Faults are the caller's to order: the reply lost after the commit, or
// the connection cut before it.

import { setTimeout as delay } from "node:timers/promises";
import { Client, type ClientBase, DatabaseError, type Pool } from "pg";

export type Caller = { role: "authenticated"; person: string } | { role: "service_role" };
export type Level = "read committed" | "repeatable read";
export type Fate = "delivered" | "lost" | "cut";
export type Call = { fn: string; args: Record<string, unknown>; caller: Caller };
/** Body of the answer; `code` is the word of a refusal, or the SQLSTATE of what was raised; empty when it was done. */
export type Answer = { code: string; body: Record<string, unknown> };

export const CONTROLLER: Caller = { role: "service_role" };
export const person = (id: string): Caller => ({ role: "authenticated", person: id });

const TRIES = 5;
const LONGEST_PAUSE_MS = 200;

/** Sends one statement as one call, without trying again. A lost reply or a cut connection is answered with null. */
async function sendOnce(
  pool: Pool,
  caller: Caller,
  level: Level,
  statement: { text: string; values: unknown[] },
  fate: Fate = "delivered",
): Promise<Answer | null> {
  if (fate === "cut") return cutBeforeCommit(pool, caller, level, statement);
  const client = await pool.connect();
  let isBroken = false;
  try {
    await client.query(`begin isolation level ${level}; ${identity(client, caller)}`);
    const { rows } = await client.query<{ answer?: Record<string, unknown> }>(statement);
    await client.query("commit");
    return fate === "lost" ? null : answerOf(rows[0]?.answer);
  } catch (error) {
    isBroken = !(error instanceof DatabaseError) || isConnectionLoss(error);
    if (!isBroken) await client.query("rollback");
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/** A call that is made but not committed: whoever wants what it holds waits for it. */
export type Uncommitted = { answer: Answer; pid: number; commit(): Promise<void> };

/** Makes the call and leaves its transaction open. */
export async function begin(
  pool: Pool,
  caller: Caller,
  level: Level,
  statement: { text: string; values: unknown[] },
): Promise<Uncommitted> {
  const client = await pool.connect();
  try {
    const { rows: pids } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    await client.query(`begin isolation level ${level}; ${identity(client, caller)}`);
    const { rows } = await client.query<{ answer?: Record<string, unknown> }>(statement);
    const commit = async () => {
      await client.query("commit");
      client.release();
    };
    return { answer: answerOf(rows[0]?.answer), pid: pids[0]?.pid ?? 0, commit };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/**
 * The call is made and its connection closed before the commit; settles when the server has given it up. On a connection of
 * its own: one of the pool's that is lost takes along what its session had learnt to plan, and the next begins anew.
 */
async function cutBeforeCommit(
  pool: Pool,
  caller: Caller,
  level: Level,
  statement: { text: string; values: unknown[] },
): Promise<null> {
  const client = new Client(pool.options);
  await client.connect();
  let pid = 0;
  try {
    await client.query(`begin isolation level ${level}; ${identity(client, caller)}`);
    pid = (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid ?? 0;
    await client.query(statement);
  } finally {
    await client.end();
  }
  for (;;) {
    const { rowCount } = await pool.query("select from pg_stat_activity where pid = $1", [pid]);
    if (rowCount === 0) return null;
    await delay(2);
  }
}

/** As `sendOnce`, again after a lost race: at most five times, with full jitter. What is raised is an answer. */
export async function send(
  pool: Pool,
  caller: Caller,
  level: Level,
  statement: { text: string; values: unknown[] },
  fate: Fate = "delivered",
  onRetry: (code: string) => void = () => undefined,
): Promise<Answer | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(pool, caller, level, statement, fate);
    } catch (error) {
      if (!(error instanceof DatabaseError) || isConnectionLoss(error)) throw error;
      if (!isLostRace(error) || attempt === TRIES) return { code: error.code ?? "", body: {} };
      onRetry(error.code ?? "");
      await delay(Math.random() * Math.min(LONGEST_PAUSE_MS, 10 * 2 ** attempt));
    }
  }
}

/** The statement of a call, with named arguments. */
export function statementOf({ fn, args }: Call): { text: string; values: unknown[] } {
  const names = Object.keys(args);
  const list = names.map((name, index) => `${name} => $${index + 1}`).join(", ");
  const values = Object.values(args).map((value) =>
    typeof value === "object" && value !== null ? JSON.stringify(value) : value,
  );
  return { text: `select public.${fn}(${list}) as answer`, values };
}

/** Names of the functions that ask for repeatable read; over HTTP their setting decides, here the caller's begin. */
export async function repeatableReadFunctions(pool: Pool): Promise<Set<string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select proname as name from pg_catalog.pg_proc where pronamespace = 'public'::regnamespace
       and proconfig @> array['default_transaction_isolation=repeatable read']`,
  );
  if (rows.length === 0) throw new Error("no function asks for repeatable read");
  return new Set(rows.map(({ name }) => name));
}

/** A snapshot that was too old, a deadlock, a lock not had in time: nothing was done, the same call may be sent again. */
const isLostRace = ({ code }: DatabaseError): boolean => ["40001", "40P01", "55P03"].includes(code ?? "");

/** The server went away or is not there yet: nobody knows whether the call was carried out. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true;
  return /^(08|57P0)/.test(error.code ?? "");
}

function identity(client: ClientBase, caller: Caller): string {
  const claims =
    caller.role === "authenticated" ? { role: caller.role, sub: caller.person } : { role: caller.role };
  const text = client.escapeLiteral(JSON.stringify(claims));
  return `select set_config('request.jwt.claims', ${text}, true), set_config('role', '${caller.role}', true)`;
}

function answerOf(body: Record<string, unknown> | undefined): Answer {
  const isRefused = body?.["ok"] === false;
  return { code: isRefused ? String(body["code"]) : "", body: body ?? {} };
}
