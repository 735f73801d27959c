// Throws readings away that are older than so many whole months; their sums stay, and the audit log says it. Shows what it
// would do and does nothing more unless it is told to.

import pg from "pg";
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { counted } from "#lib/view/count.ts";
import { formatBytes } from "#lib/view/stored.ts";
import { MigrationFailure } from "#supabase/runner/failure.ts";
import { findDatabase } from "#supabase/runner/find-database.ts";

const MOST_MONTHS = 1200;
const USAGE = `Use: npm run retention -- --months N [--dry-run | --yes] [--db URL]

  --months N   keep the readings of this month and of the N whole months before it, 1 to ${MOST_MONTHS}
  --dry-run    say what is older (also what happens without --yes)
  --yes        throw it away: a month at a time, then what lies in no month; the sums of it stay

The database is --db, else SUPABASE_DB_URL, else the running embedded stack.`;

const OPTIONS = {
  months: { type: "string" },
  "dry-run": { type: "boolean" },
  yes: { type: "boolean" },
  db: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

const LOCK_TIMEOUT_MS = 5_000;
const CONNECT_WITHIN_MS = 5_000;

type Month = { name: string; month: string; bytes: string; readings: string };
type Old = { before: string; months: Month[]; rest: number };

/** The work ended early, for a reason that a sentence tells. */
class RetentionFault extends Error {}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<void> {
  const { values } = readCommandLine({ options: OPTIONS }, USAGE);
  if (values.help) return say(USAGE);
  if (values.yes && values["dry-run"])
    throw new CommandLineFault("Nothing was done: --yes and --dry-run do not go together.", USAGE);
  const months = monthsOf(values.months);
  const client = await connect(await findDatabase(values.db));
  try {
    const old = await findOld(client, months);
    sayOld(old);
    if (old.months.length === 0 && old.rest === 0) return;
    if (values.yes) await drop(client, old);
    else say("Nothing was thrown away; add --yes to do it.");
  } finally {
    await client.end();
  }
}

function monthsOf(text: string | undefined): number {
  if (text === undefined)
    throw new CommandLineFault("Nothing was done: --months is needed, how many to keep.", USAGE);
  const months = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (months >= 1 && months <= MOST_MONTHS) return months;
  throw new CommandLineFault(
    `Nothing was done: --months ${text} is not a whole number from 1 to ${MOST_MONTHS}.`,
    USAGE,
  );
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_WITHIN_MS });
  try {
    await client.connect();
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    return client;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RetentionFault(`Nothing was thrown away: the database cannot be reached (${why}).`);
  }
}

/** By the database's clock; the month of a partition is that of its last day. */
async function findOld(client: pg.Client, months: number): Promise<Old> {
  const [at] = (
    await client.query<{ before: string }>(
      "select to_char(date_trunc('month', now(), 'UTC') at time zone 'UTC' - make_interval(months => $1), 'YYYY-MM-DD\"T00:00:00Z\"') as before",
      [months],
    )
  ).rows;
  const before = at?.before ?? "";
  const { rows } = await client.query<Month>(
    `select p.name, to_char((p.until - interval '1 day') at time zone 'UTC', 'YYYY-MM') as month, p.bytes, p.readings
     from private.telemetry_partitions() p where p.until <= $1::timestamptz order by p.until`,
    [before],
  );
  const rest = await client.query<{ count: string }>(
    `select count(*) from private.telemetry_rest where "timestamp" < $1::timestamptz`,
    [before],
  );
  return { before, months: rows, rest: Number(rest.rows[0]?.count ?? 0) };
}

function sayOld({ before, months, rest }: Old): void {
  say(`Readings before ${before.slice(0, 10)} (UTC):`);
  const isNone = months.length === 0 && rest === 0;
  say(isNone ? "  none" : `  ${"month".padEnd(10)}${"readings".padStart(16)}${"size".padStart(12)}`);
  for (const { month, readings, bytes } of months) {
    const about = Number(readings) === 0 ? "not counted" : `about ${readings}`;
    say(`  ${month.padEnd(10)}${about.padStart(16)}${formatBytes(Number(bytes)).padStart(12)}`);
  }
  if (rest > 0) say(`  ${"no month".padEnd(10)}${String(rest).padStart(16)}${"–".padStart(12)}`);
}

async function drop(client: pg.Client, { before, months, rest }: Old): Promise<void> {
  let freed = 0;
  for (const { name, month, bytes } of months) {
    const [dropped] = (
      await client.query<{ is: boolean }>("select private.drop_telemetry($1, $2) as is", [name, before])
    ).rows;
    say(dropped?.is ? `  ${month} thrown away` : `  ${month} was gone already`);
    if (dropped?.is) freed += Number(bytes);
  }
  for (let done = 0, more = rest; more > 0; ) {
    const [portion] = (
      await client.query<{ count: number }>("select private.delete_telemetry_rest($1) as count", [before])
    ).rows;
    more = portion?.count ?? 0;
    done += more;
    if (more > 0) say(`  ${counted(done, "reading")} of no month thrown away`);
  }
  await client.query("select private.keep_telemetry_months()");
  say(`${counted(months.length, "month")} thrown away, ${formatBytes(freed)} freed; the sums stay.`);
}

/** What Postgres answers when controllers are at work meanwhile. */
const LOCK_NOT_HAD = "55P03";

try {
  await main();
} catch (error) {
  const isBusy = error instanceof pg.DatabaseError && error.code === LOCK_NOT_HAD;
  const isTold =
    error instanceof RetentionFault || error instanceof MigrationFailure || error instanceof CommandLineFault;
  if (!isBusy && !isTold) throw error;
  process.stderr.write(
    isBusy
      ? "Not all was thrown away: another session held the telemetry for 5 s; run it again.\n"
      : `${error instanceof Error ? error.message : ""}\n`,
  );
  process.exitCode = 1;
}
