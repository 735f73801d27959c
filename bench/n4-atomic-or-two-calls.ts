import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { Benchmark, Sample, Subject } from "#bench/benchmark.ts";
import { interleave } from "#bench/interleave.ts";
import { median } from "#bench/statistics.ts";
import type { StackInfo } from "#supabase/local/stack.ts";
import { launchStack } from "#supabase/local/test-launch.ts";
import { inconsistentOf, STATES, type State, twoCallTables } from "#supabase/proofs/head-to-head/two-call.ts";

const MACHINES = 16;
const WARM_UP_MOVES = 640;
const MOVES = 1600;
const QUICK_MOVES = 160;
/** Turns of a block in which each pattern moves as often as the other: what slows the machine then slows both. */
const BLOCKS = 8;
const FAULT_EVERY = 10;
const WITHIN_MS = 15_000;

/** How the program that calls ends: with the call under way, or with its answer. Its connection ends with it. */
type End = AbortSignal | "after the answer";
type Http = (method: "GET" | "POST" | "PATCH", path: string, body?: unknown, end?: End) => Promise<void>;
/** Moves a machine once; with a fault, the program is killed or hears nothing where that hurts most. */
type Move = (machine: string, to: State, isFaulty: boolean) => Promise<void>;
type Pattern = {
  name: string;
  move: Move;
  /** What a program that was killed does first: it connects and reads its machine. */
  startAgain(machine: string): Promise<void>;
  machines: string[];
  countInconsistent(): Promise<number>;
};

/** N4: one transition of a machine over HTTP, by the atomic function and by two table writes. */
export const atomicOrTwoCalls: Benchmark = {
  id: "N4",
  title: "a machine's transition over HTTP: one atomic call against two table writes",
  goal: "≤ 0.6 × the time of two calls, with 1 and with 16 clients; 0 inconsistent machines",
  reference:
    "two table writes, in turns with ours, both followed by the feed, every tenth transition with a fault",
  run(context) {
    return interleave(
      [1, 16].map((clients) => subject(clients, context.isQuick)),
      context,
    );
  },
};

/**
 * A stack of its own, in a process of its own: a controller does not wait for the work of its database's gateway and feed,
 * and a client that is alone has the connections that one client needs, not those that sixteen left behind. A throw-away
 * stack would not wait for the disk, as a lasting one does.
 */
async function onOwnStack(clients: number, moves: number): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), "pulseboard-n4-"));
  await chmod(folder, 0o755);
  const data = ["--data-dir", join(folder, "stack"), "--port", "0", "--db-port", "0"];
  const launched = launchStack([...data, "--no-seed"]);
  try {
    const stack = await launched.info;
    const db = new Client({ connectionString: stack.dbUrl });
    await db.connect();
    try {
      return await measure(clients, await prepare(db, stack, clients), moves);
    } finally {
      await db.end();
    }
  } finally {
    await launched.end("SIGTERM");
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(db: Client, stack: StackInfo, clients: number): Promise<[Pattern, Pattern]> {
  // Screens follow a machine whichever way it is moved, so the feed reads the tables of both.
  await db.query(`${twoCallTables("public")};
    alter publication supabase_realtime add table public.two_call_machines, public.two_call_machine_state;
    notify pgrst, 'reload schema'`);
  const http = httpOf(stack.apiUrl, stack.secretKey);
  const [theirs, ours] = [await makeMachines(db, true), await makeMachines(db, false)];
  await untilKnown(http, theirs[0] ?? "");
  const patterns: [Pattern, Pattern] = [
    {
      name: "atomic",
      move: atomicMove(http),
      startAgain: (machine) => http("GET", `/rest/v1/machines?id=eq.${machine}`),
      machines: ours,
      countInconsistent: () => inconsistent(db, "public.machines", "public.machine_state", ours),
    },
    {
      name: "two calls",
      move: twoCallMove(http),
      startAgain: (machine) => http("GET", `/rest/v1/two_call_machines?id=eq.${machine}`),
      machines: theirs,
      countInconsistent: () =>
        inconsistent(db, "public.two_call_machines", "public.two_call_machine_state", theirs),
    },
  ];
  // Every pooled connection plans what it is asked the first time it is asked.
  for (const pattern of patterns) await movesOf(pattern, clients, WARM_UP_MOVES);
  for (const pattern of patterns) await mend(pattern);
  return patterns;
}

function subject(clients: number, isQuick: boolean): Subject {
  return {
    name: `${clients} client${clients === 1 ? "" : "s"}`,
    metrics: [
      { key: "atomic", unit: "ms" },
      { key: "two calls", unit: "ms" },
      { key: "atomic ÷ two calls", unit: "×", goal: 0.6 },
      { key: "inconsistent, atomic", unit: "machines", goal: 0 },
      { key: "inconsistent, two calls", unit: "machines" },
    ],
    run: () => onOwnStack(clients, isQuick ? QUICK_MOVES : MOVES),
  };
}

async function measure(clients: number, patterns: [Pattern, Pattern], moves: number): Promise<Sample> {
  const times = new Map<string, number[]>(patterns.map(({ name }) => [name, []]));
  const wrong = new Map<string, number>(patterns.map(({ name }) => [name, 0]));
  const ratios: number[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    const took = new Map<string, number>();
    for (const pattern of block % 2 === 0 ? patterns : patterns.toReversed()) {
      const all = await movesOf(pattern, clients, moves / BLOCKS);
      times.get(pattern.name)?.push(...all);
      took.set(pattern.name, median(all));
      wrong.set(pattern.name, (wrong.get(pattern.name) ?? 0) + (await pattern.countInconsistent()));
      await mend(pattern);
    }
    ratios.push((took.get("atomic") ?? Number.NaN) / (took.get("two calls") ?? Number.NaN));
  }
  return {
    atomic: median(times.get("atomic") ?? []),
    "two calls": median(times.get("two calls") ?? []),
    // Of neighbours in time: a machine that others use as well is seldom the same from one second to the next.
    "atomic ÷ two calls": median(ratios),
    "inconsistent, atomic": wrong.get("atomic") ?? Number.NaN,
    "inconsistent, two calls": wrong.get("two calls") ?? Number.NaN,
  };
}

/** Times in ms of the moves without a fault; each client has machines of its own. */
async function movesOf(pattern: Pattern, clients: number, moves: number): Promise<number[]> {
  const times: number[] = [];
  const client = async (number: number) => {
    for (let move = 0; move < Math.ceil(moves / clients) + 1; move += 1) {
      const machine = pattern.machines[number] ?? "";
      // A machine is idle when a block begins: every move changes something, and neither pattern is let off its work.
      const to = STATES[(move + 1) % STATES.length] ?? "idle";
      const isFaulty = move % FAULT_EVERY === FAULT_EVERY - 1 || move === Math.ceil(moves / clients);
      const began = performance.now();
      await pattern.move(machine, to, isFaulty);
      if (isFaulty) await pattern.startAgain(machine);
      else times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return times;
}

const mend = async ({ machines, move }: Pattern): Promise<void> => {
  for (const machine of machines) await move(machine, "idle", false);
};

const atomicMove =
  (http: Http): Move =>
  async (machine, to, isFaulty) => {
    const args = { p_machine_id: machine, p_machine_status: to, p_is_failure_mode: to === "error" };
    const path = "/rest/v1/rpc/atomic_update_machine_state";
    if (!isFaulty) return http("POST", path, args);
    const killed = new AbortController();
    const call = http("POST", path, args, killed.signal);
    // The program is killed with its only call under way: that is whole, or it never was.
    setImmediate(() => killed.abort());
    await call.catch(() => undefined);
  };

const twoCallMove =
  (http: Http): Move =>
  async (machine, to, isFaulty) => {
    const at = new Date().toISOString();
    const moved = { status: to, current_process_id: null, updated_at: at };
    const first = `/rest/v1/two_call_machines?id=eq.${machine}`;
    // The program is killed between its two calls.
    if (isFaulty) return http("PATCH", first, moved, "after the answer");
    await http("PATCH", first, moved);
    await http("PATCH", `/rest/v1/two_call_machine_state?machine_id=eq.${machine}`, {
      current_state: to,
      process_id: null,
      is_failure_mode: to === "error",
      state_since: at,
      updated_at: at,
    });
  };

function httpOf(apiUrl: string, secretKey: string): Http {
  const headers = {
    apikey: secretKey,
    authorization: `Bearer ${secretKey}`,
    "content-type": "application/json",
    // What the client library of the existing controller asks for by default.
    prefer: "return=representation",
  };
  return async (method, path, body, end) => {
    const limit = AbortSignal.timeout(WITHIN_MS);
    const signal = end instanceof AbortSignal ? AbortSignal.any([limit, end]) : limit;
    const response = await fetch(apiUrl + path, {
      method,
      headers: end === "after the answer" ? { ...headers, connection: "close" } : headers,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  };
}

/** PostgREST reads the new tables a moment after it is told. */
async function untilKnown(http: Http, machine: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await http("PATCH", `/rest/v1/two_call_machine_state?machine_id=eq.${machine}`, {
        current_state: "idle",
      });
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function makeMachines(db: Client, isTwoCall: boolean): Promise<string[]> {
  const ids = Array.from({ length: MACHINES }, () => randomUUID());
  for (const id of ids) {
    if (isTwoCall) {
      await db.query("insert into public.two_call_machines (id) values ($1)", [id]);
      await db.query("insert into public.two_call_machine_state (machine_id) values ($1)", [id]);
    } else {
      await db.query(
        "insert into public.machines (id, serial_number, name, status) values ($1, $2, 'bench', 'idle')",
        [id, id],
      );
    }
  }
  return ids;
}

async function inconsistent(db: Client, machines: string, states: string, ids: string[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(inconsistentOf(machines, states), [ids]);
  return rows[0]?.count ?? Number.NaN;
}
