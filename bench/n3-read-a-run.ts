import { Client } from "pg";
import type { Benchmark, Context, Row } from "#bench/benchmark.ts";
import { type LongRun, makeLongRun } from "#bench/long-run.ts";
import { call, signInToken } from "#bench/rest-api.ts";
import { type Stack, startStack } from "#supabase/local/stack.ts";
import { openLab } from "../e2e/lab.ts";

const SIZES = [100_000, 1_000_000];
const QUICK_LARGEST = 100_000;
/** What the page may take of its goal before anything is drawn: 500 ms and 700 ms from click to paint. */
const PAGE_GOAL_MS = [500, 700];
const HOUR_MS = 3_600_000;
/** Supabase answers with at most this many rows. */
const PAGE_OF_ROWS = 1000;

type Reading = { name: string; path: string; body: (run: LongRun) => object };

const READINGS: Reading[] = [
  { name: "run_timeline, whole run", path: "run_timeline", body: (run) => ({ p_run_id: run.runId }) },
  {
    name: "run_timeline, one hour",
    path: "run_timeline",
    body: (run) => ({ p_run_id: run.runId, p_from_ms: 40 * HOUR_MS, p_to_ms: 41 * HOUR_MS }),
  },
  { name: "run_durations", path: "run_durations", body: (run) => ({ p_run_id: run.runId }) },
  { name: "run_trend", path: "run_trend", body: (run) => ({ p_run_id: run.runId }) },
  { name: "run_snapshot", path: "run_snapshot", body: (run) => ({ p_run_id: run.runId }) },
];

/** N3, as far as the database goes: what the page of a long run reads, over HTTP, as a signed-in person. */
export const readARun: Benchmark = {
  id: "N3",
  title: "what the page of a long run reads, over HTTP",
  goal: "each within 500 ms (100 000 steps) and 700 ms (1 000 000 steps)",
  reference: "fetching all rows",
  async run(context) {
    const stack = await startStack({ ephemeral: true, apiPort: 0, dbPort: 0 });
    context.session.defer(() => stack.stop());
    const lab = openLab(stack);
    context.session.defer(() => lab.close());
    const db = new Client({ connectionString: stack.dbUrl });
    await db.connect();
    context.session.defer(() => db.end());
    const [machine, person] = [await lab.machine({ isByHand: true }), await lab.person("engineer")];
    const token = await signInToken(stack, person.email, person.password);
    const rows: Row[] = [];
    for (const [index, size] of SIZES.entries()) {
      if (context.isQuick && size > QUICK_LARGEST) continue;
      const run = await makeLongRun(db, {
        steps: size,
        machineId: machine.id,
        operatorId: person.id,
        say: context.say,
        signal: context.session.signal,
      });
      rows.push(...(await measure(stack, token, run, PAGE_GOAL_MS[index] ?? null, context)));
    }
    return rows;
  },
};

async function measure(
  stack: Stack,
  token: string,
  run: LongRun,
  goal: number | null,
  { runs, session }: Context,
): Promise<Row[]> {
  const subject = `${run.steps.toLocaleString("en").replaceAll(",", " ")} steps`;
  const rows: Row[] = READINGS.map(({ name }) => ({
    subject,
    isReference: false,
    metric: name,
    unit: "ms",
    goal,
    raw: [],
  }));
  const all: Row = {
    subject,
    isReference: true,
    metric: "fetching all rows",
    unit: "ms",
    goal: null,
    raw: [],
  };
  for (let number = 0; number < runs; number += 1) {
    for (const [index, { path, body }] of READINGS.entries()) {
      session.signal.throwIfAborted();
      rows[index]?.raw.push(await timed(() => call(stack, `/rest/v1/rpc/${path}`, token, body(run))));
    }
    all.raw.push(await timed(() => fetchAll(stack, token, run, session.signal)));
  }
  return [...rows, all];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Every step of the run, a page at a time, as a browser without these reads would have to. */
async function fetchAll(stack: Stack, token: string, run: LongRun, signal: AbortSignal): Promise<void> {
  for (let seq = 0; seq < run.steps; seq += PAGE_OF_ROWS) {
    const query = `process_id=eq.${run.runId}&seq=gt.${seq}&order=seq&limit=${PAGE_OF_ROWS}`;
    const answer = await fetch(`${stack.apiUrl}/rest/v1/step_execution_history?${query}`, {
      headers: { apikey: stack.publishableKey, authorization: `Bearer ${token}` },
      signal,
    });
    if (!answer.ok) throw new Error(`the steps after ${seq} were not read: ${answer.status}`);
    await answer.json();
  }
}
