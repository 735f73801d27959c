import { type Browser, chromium } from "@playwright/test";
import { Client } from "pg";
import type { Context } from "#bench/benchmark.ts";
import { type LongRun, makeLongRun } from "#bench/long-run.ts";
import { type PeerSteps, servePeers } from "#bench/peers/serve.ts";
import { openStepSource, type Run } from "#bench/step-source.ts";
import { build } from "#scripts/build/build.ts";
import { startSite } from "#scripts/start/site.ts";
import { findBrowser } from "../e2e/browser.ts";
import { type Lab, openLab } from "../e2e/lab.ts";
import type { Credentials } from "../e2e/session.ts";

const SIZES = [1_000, 100_000, 1_000_000];
const QUICK_UP_TO = 100_000;
/** Steps of the live run before more are added. */
export const LIVE_STEPS = 100_000;

/** A product with long runs, the page of the other charts, and a browser for both. */
export type TimelineScene = {
  browser: Browser;
  /** Of the product. */
  address: string;
  /** Of the other charts. */
  peers: string;
  person: Credentials;
  /** How long frames are watched. */
  seconds: number;
  runs: LongRun[];
  live: Run;
};

export async function openTimelineScene(context: Context): Promise<TimelineScene> {
  const { session, say, isQuick } = context;
  say("  building the web app and starting a throw-away site");
  const built = await build({ signal: session.signal });
  if (!built.ok) throw new Error(`the web app could not be built:\n${built.output}`);
  const { stack, address } = await startSite(session, { demo: false, isDurable: true });
  const lab = openLab(stack);
  session.defer(() => lab.close());
  const db = new Client({ connectionString: stack.dbUrl });
  await db.connect();
  session.defer(() => db.end());
  const [machine, person] = [await lab.machine({ isByHand: true }), await lab.person("engineer")];
  const runs: LongRun[] = [];
  for (const steps of SIZES.filter((size) => !isQuick || size <= QUICK_UP_TO)) {
    const made = { steps, machineId: machine.id, operatorId: person.id, say, signal: session.signal };
    runs.push(await makeLongRun(db, made));
  }
  say(`  a live run of ${LIVE_STEPS.toLocaleString("en")} steps`);
  const live = await (await openStepSource(stack, lab, LIVE_STEPS)).start();
  await live.catchUp(LIVE_STEPS);
  session.defer(() => live.end());
  const peers = await servePeers(session, (count) => stepsOf(lab, runs, count));
  const browser = await chromium.launch(await findBrowser());
  session.defer(() => browser.close());
  return { browser, address, peers, person, seconds: isQuick ? 3 : 8, runs, live };
}

/** The run's steps as the other charts get them: row, start and end in ms. */
async function stepsOf(lab: Lab, runs: LongRun[], count: number): Promise<PeerSteps> {
  const run = runs.find(({ steps }) => steps === count);
  const rows = await lab.sql<{ lane: number; from: number; to: number }>(
    `select coalesce((h.parameters ->> 'valve_number')::integer, 3) - 1 as lane,
       extract(epoch from h.device_started_at - r.start_time)::float8 * 1000 as from,
       extract(epoch from h.device_started_at - r.start_time)::float8 * 1000 + h.measured_ms::float8 as to
     from public.step_execution_history h join public.process_executions r on r.id = h.process_id
     where h.process_id = $1 order by h.seq`,
    [run?.runId],
  );
  return {
    lanes: ["Valve 1", "Valve 2", "Purge"],
    numbers: rows.flatMap(({ lane, from, to }) => [lane, from, to]),
  };
}
