// People press, messages are lost, come late and come twice, on every stretch of the way at once: between the people and
// the database, between the database and the controllers, between the database and the screens. `npm run faults` plays
// the same for a thousand commands.

import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { seededRandom } from "#executor/drivers/simulated/random.ts";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";
import type { ServerClient } from "#lib/supabase/call.ts";
import { brokenPromises, type CommandEnd, type RunEnd } from "#scripts/faults/broken-promises.ts";
import { LossyNetwork } from "#scripts/faults/lossy-network.ts";
import { operate } from "#scripts/faults/operator.ts";
import { openScreen, type Screen } from "#scripts/faults/screen.ts";

const COMMANDS = Number(process.env["PULSEBOARD_FAULT_COMMANDS"] ?? 80);
const SEED = Number(process.env["PULSEBOARD_FAULT_SEED"] ?? Date.now() % 1_000_000);
const MACHINES = 4;
const SHARE = 0.15;
/** A start that nobody took has run out by then, and a run that was stopped has ended. */
const ALL_OVER_WITHIN_MS = 90_000;

type Served = Awaited<ReturnType<TestBed["serve"]>>;

const random = seededRandom(SEED).uniform;
const network = new LossyNetwork(random, SHARE);
const beds: TestBed[] = [];
const served: Served[] = [];
const clients: ServerClient[] = [];
const screens: Screen[] = [];

beforeAll(async () => {
  const place = inject("stack");
  for (let number = 0; number < MACHINES; number += 1) beds.push(await TestBed.open(place));
  const machines = beds.map(({ machine }) => machine.id);
  for (const bed of beds) {
    // Everybody works everywhere: nobody may start more than a dozen runs a minute on one machine.
    await bed.db.query(
      `insert into user_machine_assignments (user_id, machine_id)
       select p.id, m.id from profiles p, machines m where p.email = $1 and m.id = any($2::uuid[])
       on conflict do nothing`,
      [bed.operatorLogin.email, machines],
    );
    served.push(await bed.serve({ fetch: network.fetch }));
    const client = createClient(place.apiUrl, place.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      db: { retry: false },
      global: { fetch: network.fetch },
    });
    const { error } = await client.auth.signInWithPassword(bed.operatorLogin);
    if (error) throw error;
    clients.push(client);
    screens.push(await openScreen(client, bed.machine.id, random));
  }
});

afterAll(async () => {
  for (const screen of screens) screen.close();
  for (const client of clients) await client.removeAllChannels();
  for (const { shutdown } of served) await shutdown();
  for (const bed of beds) await bed.close();
});

test(`${COMMANDS} commands over a network that drops, delays and doubles: no false "done", nothing done twice, every wait ends`, {
  timeout: 60_000 + COMMANDS * 1_000 + ALL_OVER_WITHIN_MS,
}, async () => {
  const [bed] = beds;
  if (bed === undefined) throw new Error("there is no machine");
  const recipes = {
    short: await bed.recipe([loop(3, pulse(1), purge(400))]),
    long: await bed.recipe([loop(2_000, pulse(1), purge(400))]),
  };
  network.begin();
  let left = COMMANDS;
  const mayGoOn = (): boolean => {
    left -= 1;
    return left >= 0;
  };
  const told = await Promise.all(
    beds.map(({ machine }, index) => {
      const screen = screens[index];
      if (screen === undefined) throw new Error("a machine without a screen");
      return operate({ machineId: machine.id, screen, recipes, clients, random }, mayGoOn);
    }),
  );
  await network.calm();
  for (const { operator, machine } of beds) await stopWhatRuns(operator, machine.id);
  const machines = beds.map(({ machine }) => machine.id);
  const read = async <Row extends object>(text: string): Promise<Row[]> =>
    (await bed.db.query(text, [machines])).rows;
  const open = "select 1 from machine_commands where machine_id = any($1) and settled_at is null";
  await vi.waitFor(async () => expect(await read(open)).toEqual([]), {
    timeout: ALL_OVER_WITHIN_MS,
    interval: 200,
  });

  const commands = await read<CommandEnd>(
    "select id, kind, status, run_id, refusal_code from machine_commands where machine_id = any($1)",
  );
  const runs = await read<RunEnd>("select id, status from process_executions where machine_id = any($1)");
  const broken = brokenPromises({
    told: told.flat(),
    commands,
    runs,
    played: timesPlayed(served.flatMap(({ lines }) => lines)),
    shown: screens.flatMap(({ shown }) => [...shown]),
  });
  console.log(report(told.flat(), runs));
  expect(broken).toEqual([]);
  for (const each of beds) expect(await each.violations()).toEqual([]);
  // All of it happened: runs were stopped and ended by themselves, commands were refused, messages were lost.
  const answers = new Set(told.flat().map(({ answer }) => answer));
  expect([...answers]).toEqual(expect.arrayContaining(["ok", "machine_not_idle"]));
  expect(new Set(runs.map(({ status }) => status))).toContain("aborted");
  for (const count of Object.values(network.counts)) expect(count).toBeGreaterThan(0);
});

type Operator = TestBed["operator"];

async function stopWhatRuns(operator: Operator, machineId: string): Promise<void> {
  const answer = await operator.glance(machineId);
  if (!answer.ok) throw new Error(answer.message);
  const runId = answer.glance.machine.current_process_id;
  if (runId !== null) await operator.stop(machineId, runId, "The test is over.");
}

/** From the controllers' own words. */
function timesPlayed(lines: readonly string[]): Map<string, number> {
  const played = new Map<string, number>();
  for (const line of lines) {
    const run = /^run (\S+) started$/.exec(line)?.[1];
    if (run !== undefined) played.set(run, (played.get(run) ?? 0) + 1);
  }
  return played;
}

function report(told: readonly { answer: string; presses: number }[], runs: readonly RunEnd[]): string {
  const tally = (words: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
  };
  const again = told.filter(({ presses }) => presses > 1).length;
  return (
    `seed ${SEED}: ${told.length} commands (${tally(told.map(({ answer }) => answer))}), ${again} pressed more than once; ` +
    `${runs.length} runs (${tally(runs.map(({ status }) => status))}); messages ${JSON.stringify(network.counts)}`
  );
}
