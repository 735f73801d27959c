import { randomUUID } from "node:crypto";
import { call, signInToken } from "#bench/rest-api.ts";
import type { StackInfo } from "#supabase/local/stack.ts";
import { type Lab, openLab } from "../e2e/lab.ts";

const LEASE_MS = 60_000;
const HEARTBEAT_MS = 2000;
const CONTROLLER = "benchmark";
const AT_ONCE = 8;

type Row = Record<string, unknown>;
type Tell = (table: string, record: object) => void;

/** Many machines with a run on each. What happens next on them is made up, row by row as the database would write it. */
export type RunningFleet = {
  viewer: { email: string; password: string };
  publishableKey: string;
  runIds: string[];
  /** One real step change and one real heartbeat, so that a listener learns how they look. */
  changeForReal(): Promise<void>;
  /** Tells of `perSecond` step changes of every run and of every heartbeat, evenly spread, until stopped. */
  play(perSecond: number, tell: Tell): () => Promise<void>;
  close(): Promise<void>;
};

type Started = { machineId: string; runId: string; fence: number };

export async function makeRunningFleet(stack: StackInfo, count: number): Promise<RunningFleet> {
  const lab = openLab(stack);
  const machines = await lab.sql<{ id: string }>(
    `insert into public.machines (serial_number, name, location, lab_name, model, machine_type, is_virtual, virtual_config)
     select 'B-' || n, 'Bench ' || lpad(n::text, 3, '0'), location, lab_name, model, machine_type, true,
       '{"driver": "benchmark"}'
     from public.machines, generate_series(1, $1) n where serial_number = 'ALD-01' returning id`,
    [count],
  );
  const recipe = await lab.recipe([{ loop: 5000, steps: [{ pulse: 1, ms: 500 }, { purge: 500 }] }]);
  const person = await lab.person("admin");
  const token = await signInToken(stack, person.email, person.password);
  const started: Started[] = [];
  const queue = machines.map(({ id }) => id);
  const work = async (): Promise<void> => {
    for (let id = queue.pop(); id !== undefined; id = queue.pop())
      started.push(await startOn(stack, token, id, recipe.id));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const states = await lab.sql<{ row: Row }>(
    "select to_jsonb(s) as row from public.process_execution_state s where execution_id = any($1)",
    [started.map(({ runId }) => runId)],
  );
  const leases = await lab.sql<{ row: Row }>(
    "select to_jsonb(l) as row from public.machine_leases l where controller = $1",
    [CONTROLLER],
  );
  return {
    viewer: person,
    publishableKey: stack.publishableKey,
    runIds: started.map(({ runId }) => runId),
    changeForReal: () => changeForReal(stack, lab, started[0]),
    play: (perSecond, tell) =>
      play(
        states.map(({ row }) => row),
        leases.map(({ row }) => row),
        perSecond,
        tell,
      ),
    close: () => lab.close(),
  };
}

async function startOn(
  stack: StackInfo,
  token: string,
  machineId: string,
  recipeId: string,
): Promise<Started> {
  const { fence_token: fence } = await call<{ fence_token: number }>(
    stack,
    "/rest/v1/rpc/claim_machine",
    null,
    {
      p_machine_id: machineId,
      p_controller: CONTROLLER,
      p_driver: CONTROLLER,
      p_is_simulated: true,
      p_ttl_ms: LEASE_MS,
    },
  );
  const commandId = randomUUID();
  await call(stack, "/rest/v1/rpc/start_process", token, {
    p_command_id: commandId,
    p_machine_id: machineId,
    p_recipe_id: recipeId,
  });
  const { run } = await call<{ run: { id: string } }>(stack, "/rest/v1/rpc/accept_command", null, {
    p_command_id: commandId,
    p_fence_token: fence,
  });
  const first = {
    seq: 1,
    step_type: "valve",
    step_name: "Pulse valve 1",
    loop_path: [1],
    cycle: 1,
    planned_ms: 500,
    device_started_at: new Date().toISOString(),
    parameters: { valve_number: 1, valve_duration_ms: 500 },
  };
  await call(stack, "/rest/v1/rpc/record_step", null, {
    p_run_id: run.id,
    p_fence_token: fence,
    p_steps: [first],
  });
  return { machineId, runId: run.id, fence };
}

async function changeForReal(stack: StackInfo, lab: Lab, run: Started | undefined): Promise<void> {
  if (!run) throw new Error("no run was started");
  await lab.sql("update public.process_execution_state set last_updated = now() where execution_id = $1", [
    run.runId,
  ]);
  await call(stack, "/rest/v1/rpc/renew_lease", null, {
    p_machine_id: run.machineId,
    p_fence_token: run.fence,
    p_ttl_ms: LEASE_MS,
  });
}

/** Every tick tells its share: of 400 changes a second, about seven in each sixtieth. */
const TICK_MS = 1000 / 60;

function play(states: Row[], leases: Row[], perSecond: number, tell: Tell): () => Promise<void> {
  const began = performance.now();
  let changed = 0;
  let beaten = 0;
  const timer = setInterval(() => {
    const gone = performance.now() - began;
    for (const due = (gone / 1000) * perSecond * states.length; changed < due; changed += 1)
      tell("process_execution_state", nextStep(states, changed));
    for (const due = (gone / HEARTBEAT_MS) * leases.length; beaten < due; beaten += 1)
      tell("machine_leases", nextBeat(leases, beaten));
  }, TICK_MS);
  return async () => clearInterval(timer);
}

/** The row of the n-th change, one step on. A cycle is two steps: a pulse and a purge. */
function nextStep(states: Row[], nth: number): object {
  const at = nth % states.length;
  const before = states[at];
  if (!before) throw new Error("there is no run");
  const step = Number(before["current_overall_step"] ?? 1) + 1;
  const isPulse = step % 2 === 1;
  const next: Row = {
    ...before,
    revision: Number(before["revision"]) + 1,
    current_overall_step: step,
    current_step_type: isPulse ? "valve" : "purge",
    current_step_name: isPulse ? "Pulse valve 1" : "Purge",
    current_valve_number: isPulse ? 1 : null,
    progress: {
      ...(before["progress"] as object),
      completed_steps: step - 1,
      completed_cycles: Math.floor((step - 1) / 2),
      planned_elapsed_ms: (step - 1) * 500,
    },
    process_metrics: {
      at: new Date().toISOString(),
      values: { chamber_pressure: 1.8, chamber_temperature: 200 },
    },
    last_updated: new Date().toISOString(),
  };
  states[at] = next;
  return next;
}

function nextBeat(leases: Row[], nth: number): object {
  const at = nth % leases.length;
  const before = leases[at];
  if (!before) throw new Error("there is no lease");
  const now = Date.now();
  return {
    ...before,
    renewed_at: new Date(now).toISOString(),
    expires_at: new Date(now + LEASE_MS).toISOString(),
  };
}
