import { chromium, type Page } from "@playwright/test";
import { Client } from "pg";
import type { Benchmark, Context, Row } from "#bench/benchmark.ts";
import { type LongRun, makeLongRun } from "#bench/long-run.ts";
import { openARun } from "#bench/n3-open-a-run.ts";
import { call, signInToken } from "#bench/rest-api.ts";
import { build } from "#scripts/build/build.ts";
import { startSite } from "#scripts/start/site.ts";
import type { StackInfo } from "#supabase/local/stack.ts";
import { findBrowser } from "../e2e/browser.ts";
import { openLab } from "../e2e/lab.ts";
import { enter } from "../e2e/session.ts";

const SIZES = [100_000, 1_000_000];
const QUICK_LARGEST = 100_000;
/** From click to paint; none of what the page reads may take longer by itself. */
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

/** N3: from a press on a long run in the list to its timeline, and what that page reads, over HTTP, as a signed-in person. */
export const readARun: Benchmark = {
  id: "N3",
  title: "the page of a long run: press to painted timeline, and each of its reads over HTTP",
  goal: "within 500 ms (100 000 steps) and 700 ms (1 000 000 steps)",
  reference: "fetching all rows",
  async run(context) {
    context.say("  building the web app and starting a throw-away site");
    const built = await build({ signal: context.session.signal });
    if (!built.ok) throw new Error(`the web app could not be built:\n${built.output}`);
    const { stack, address } = await startSite(context.session, { demo: false, isDurable: true });
    const lab = openLab(stack);
    context.session.defer(() => lab.close());
    const db = new Client({ connectionString: stack.dbUrl });
    await db.connect();
    context.session.defer(() => db.end());
    const [machine, person] = [await lab.machine({ isByHand: true }), await lab.person("engineer")];
    const token = await signInToken(stack, person.email, person.password);
    const browser = await chromium.launch(await findBrowser());
    context.session.defer(() => browser.close());
    const visit = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 800 } });
    await enter(visit, address, person);
    const page = await visit.newPage();
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
      const goal = PAGE_GOAL_MS[index] ?? null;
      rows.push(await measurePage(page, run, goal, context));
      rows.push(...(await measure(stack, token, run, goal, context)));
    }
    return rows;
  },
};

async function measurePage(
  page: Page,
  run: LongRun,
  goal: number | null,
  { runs, session, say }: Context,
): Promise<Row> {
  const raw: number[] = [];
  // The first time a server draws a page it also loads it.
  await openARun(page, run);
  for (let number = 1; number <= runs; number += 1) {
    session.signal.throwIfAborted();
    raw.push(await openARun(page, run));
    say(`  run ${number}/${runs} ${steps(run)}: ${raw.at(-1)?.toFixed(0)} ms from press to paint`);
  }
  return {
    subject: steps(run),
    isReference: false,
    metric: "press to painted timeline",
    unit: "ms",
    goal,
    raw,
  };
}

const steps = (run: LongRun): string => `${run.steps.toLocaleString("en").replaceAll(",", " ")} steps`;

async function measure(
  stack: StackInfo,
  token: string,
  run: LongRun,
  goal: number | null,
  { runs, session }: Context,
): Promise<Row[]> {
  const subject = steps(run);
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
async function fetchAll(stack: StackInfo, token: string, run: LongRun, signal: AbortSignal): Promise<void> {
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
