/** How the server speaks to Postgres. */
import { Pool } from "pg";

/**
 * Session settings under which Postgres' text output is what values.ts reads, whatever the server, the role or
 * the PG* environment say. Passed as start-up options, because a replication connection takes no SET.
 */
export const PLAIN_TEXT_SESSION = [
  "timezone=UTC",
  "datestyle=ISO",
  "intervalstyle=postgres",
  "extra_float_digits=1",
  "bytea_output=hex",
  "application_name=pulseboard-realtime",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");

/** Policies run under the search path PostgREST would give them; an idle connection that dies must not be a fault. */
export function createPool(dbUrl: string, log: (line: string) => void): Pool {
  const settings = "-c search_path=public,extensions -c jit=off -c statement_timeout=10000";
  const pool = new Pool({
    connectionString: dbUrl,
    max: 2,
    connectionTimeoutMillis: 5_000,
    options: `${PLAIN_TEXT_SESSION} ${settings}`,
  });
  pool.on("error", (error) => log(`realtime: an idle database connection ended: ${error.message}`));
  return pool;
}
