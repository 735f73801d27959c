import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { type Attempt, explainFailure } from "./explain-failure.ts";
import { MigrationFailure } from "./failure.ts";
import type { MigrationFile } from "./migration-file.ts";

/** Any number, the same for every runner: what two runners on one database must agree on. */
const RUNNER_LOCK = 7_283_940_117;

/** How long one try waits for a lock, how many tries there are, and how long others go first in between. */
export type Patience = { tries: number; lockTimeoutMs: number; pauseMs: number };

/** Short waits, because whoever comes after a waiting runner waits behind it; many, because runs last hours. */
const PATIENCE: Patience = { tries: 10, lockTimeoutMs: 3_000, pauseMs: 500 };

/** What `work` may lose against controllers that are at work meanwhile; it left nothing behind then. */
const LOST: Record<string, string> = {
  "40P01": "was in a deadlock with another session",
  "55P03": "waited too long for a lock that another session holds",
};

/** Does `work`, a whole transaction, again when another session was in its way: a bounded number of times, saying so. */
export async function despiteOthers<T>(
  what: string,
  work: (lockTimeoutMs: number) => Promise<T>,
  { patience = PATIENCE, onProgress }: { patience?: Patience; onProgress?: (line: string) => void },
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(patience.lockTimeoutMs);
    } catch (error) {
      const why = error instanceof MigrationFailure ? LOST[error.code] : undefined;
      if (why === undefined || attempt >= patience.tries) throw error;
      onProgress?.(`${what} ${why}, nothing was kept; trying again (${attempt + 1} of ${patience.tries})`);
      await delay(patience.pauseMs);
    }
  }
}

/**
 * Opens the one connection a runner uses, holding the advisory lock that keeps a second runner out (waits up to
 * `waitMs` for it), runs `work` and closes the connection, which gives the lock back whatever happened.
 */
export async function withSession<T>(
  dbUrl: string,
  work: (client: Client) => Promise<T>,
  waitMs = 60_000,
): Promise<T> {
  const client = await connect(dbUrl);
  try {
    await takeLock(client, waitMs);
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connect(dbUrl: string): Promise<Client> {
  try {
    const client = new Client({
      connectionString: dbUrl,
      application_name: "pulseboard-migrate",
      connectionTimeoutMillis: 10_000,
    });
    client.on("error", leaveToTheQuery);
    await client.connect();
    return client;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message || String(Reflect.get(cause, "code")) : String(cause);
    throw new MigrationFailure(
      "not_connected",
      `The database cannot be reached: ${why}; check the address and that it runs.`,
      { cause },
    );
  }
}

/** Runs `sql` of a file as one simple query in one transaction with `bookkeeping`; any failure leaves nothing behind. */
export async function runInTransaction(
  client: Client,
  attempt: Omit<Attempt, "finishedStatements" | "user">,
  bookkeeping: () => Promise<void>,
  lockTimeoutMs: number,
  outcome: "commit" | "rollback" = "commit",
): Promise<void> {
  let finishedStatements = 0;
  const count = (): void => {
    finishedStatements += 1;
  };
  await client.query(`begin; set local lock_timeout = ${lockTimeoutMs}`);
  client.connection.on("commandComplete", count);
  try {
    await client.query(attempt.sql);
    client.connection.off("commandComplete", count);
    await client.query("set constraints all immediate; reset role; reset session authorization");
    await bookkeeping();
    await client.query(`${outcome}; reset all`);
  } catch (error) {
    client.connection.off("commandComplete", count);
    const user = client.user ?? "";
    await client.query("rollback; reset role; reset session authorization; reset all").catch(() => undefined);
    throw explainFailure(error, { ...attempt, finishedStatements, user });
  }
}

/** What `runInTransaction` needs to know of a file that is applied as it stands. */
export function attemptOf(
  file: MigrationFile,
  folder: MigrationFile[],
): Omit<Attempt, "finishedStatements" | "user"> {
  return { file, sql: file.sql, folder };
}

function leaveToTheQuery(_error: Error): void {
  // A connection that breaks also fails the query under way, and that failure is the one reported.
}

async function takeLock(client: Client, waitMs: number): Promise<void> {
  await client.query(`set lock_timeout = ${Math.max(1, Math.round(waitMs))}`);
  try {
    await client.query("select pg_catalog.pg_advisory_lock($1)", [RUNNER_LOCK]);
  } catch (cause) {
    throw new MigrationFailure(
      "runner_busy",
      "Nothing was applied: another migration runner is working on this database; wait until it has finished.",
      { cause },
    );
  }
  await client.query("reset lock_timeout");
}
