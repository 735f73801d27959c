import { Client } from "pg";
import { type Attempt, explainFailure } from "./explain-failure.ts";
import { MigrationFailure } from "./failure.ts";
import type { MigrationFile } from "./migration-file.ts";

/** Any number, the same for every runner: what two runners on one database must agree on. */
const RUNNER_LOCK = 7_283_940_117;

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
  outcome: "commit" | "rollback" = "commit",
): Promise<void> {
  let finishedStatements = 0;
  const count = (): void => {
    finishedStatements += 1;
  };
  await client.query("begin; set local lock_timeout = '30s'");
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
