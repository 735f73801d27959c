import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { call, signInToken } from "#bench/rest-api.ts";
import type { StackInfo } from "#supabase/local/stack.ts";
import type { Lab, Machine, Recipe } from "../e2e/lab.ts";

const LEASE_MS = 60_000;
const RENEW_EVERY_MS = 15_000;
const CONTROLLER = "benchmark";
/** A controller's outbox sends as many. */
const STEPS_A_CALL = 100;

/** A machine of the benchmark's own, whose controller is the benchmark: it changes steps when it is told to. */
export type StepSource = {
  machine: Machine;
  operator: { email: string; password: string };
  /** Starts a run and records its first step. */
  start(): Promise<Run>;
};

export type Run = {
  id: string;
  /** Changes the step `perSecond` times a second for `seconds`; resolves to the number of the last step. */
  changeSteps(perSecond: number, seconds: number): Promise<number>;
  /** Records that many more steps at once, as a controller does that was cut off; resolves to the number of the last. */
  catchUp(count: number): Promise<number>;
  /** Moment the database wrote each step, by its number, in ms since 1970 on its clock: before it was committed. */
  writtenAt(): Promise<Map<number, number>>;
  end(): Promise<void>;
};

/** Makes machine, operator and a recipe of so many cycles of two steps. The executor leaves the machine alone. */
export async function openStepSource(stack: StackInfo, lab: Lab, cycles = 5000): Promise<StepSource> {
  const machine = await lab.machine({ isByHand: true });
  const operator = await lab.person("operator", [machine]);
  const recipe = await lab.recipe([{ loop: cycles, steps: [{ pulse: 1, ms: 50 }, { purge: 50 }] }]);
  return { machine, operator, start: () => startRun(stack, lab, machine, operator, recipe) };
}

async function startRun(
  stack: StackInfo,
  lab: Lab,
  machine: Machine,
  operator: { email: string; password: string },
  recipe: Recipe,
): Promise<Run> {
  const { fence_token } = await call<{ fence_token: number }>(stack, "/rest/v1/rpc/claim_machine", null, {
    p_machine_id: machine.id,
    p_controller: CONTROLLER,
    p_driver: CONTROLLER,
    p_is_simulated: true,
    p_ttl_ms: LEASE_MS,
  });
  const renew = () =>
    call(stack, "/rest/v1/rpc/renew_lease", null, {
      p_machine_id: machine.id,
      p_fence_token: fence_token,
      p_ttl_ms: LEASE_MS,
    });
  const token = await signInToken(stack, operator.email, operator.password);
  const commandId = randomUUID();
  await call(stack, "/rest/v1/rpc/start_process", token, {
    p_command_id: commandId,
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  const { run } = await call<{ run: { id: string } }>(stack, "/rest/v1/rpc/accept_command", null, {
    p_command_id: commandId,
    p_fence_token: fence_token,
  });
  const send = (steps: Record<string, unknown>[]) =>
    call(stack, "/rest/v1/rpc/record_step", null, {
      p_run_id: run.id,
      p_fence_token: fence_token,
      p_steps: steps,
    });
  const record = (seq: number) =>
    send(seq === 1 ? [report(seq)] : [{ ...report(seq - 1), measured_ms: 50 }, report(seq)]);
  await record(1);
  // A renewal that fails shows in the next call, which names the lease too.
  const renewing = setInterval(() => renew().catch(() => undefined), RENEW_EVERY_MS);
  let last = 1;
  return {
    id: run.id,
    async changeSteps(perSecond, seconds) {
      const began = performance.now();
      for (let change = 1; change <= perSecond * seconds; change += 1) {
        await delay(Math.max(0, began + (change * 1000) / perSecond - performance.now()));
        last += 1;
        await record(last);
      }
      return last;
    },
    async catchUp(count) {
      for (const end = last + count; last < end; ) {
        const to = Math.min(end, last + STEPS_A_CALL);
        const closed = Array.from({ length: to - last }, (_, n) => ({
          ...report(last + n),
          measured_ms: 50,
        }));
        await send([...closed, report(to)]);
        last = to;
      }
      return last;
    },
    writtenAt: async () => {
      const rows = await lab.sql<{ seq: number; at: string }>(
        `select seq, extract(epoch from started_at) * 1000 as at from public.step_execution_history where process_id = $1`,
        [run.id],
      );
      return new Map(rows.map(({ seq, at }) => [seq, Number(at)]));
    },
    end: async () => {
      clearInterval(renewing);
      await call(stack, "/rest/v1/rpc/end_process", null, {
        p_run_id: run.id,
        p_fence_token: fence_token,
        p_outcome: "aborted",
      });
    },
  };
}

function report(seq: number): Record<string, unknown> {
  const isPulse = seq % 2 === 1;
  const cycle = Math.ceil(seq / 2);
  return {
    seq,
    step_type: isPulse ? "valve" : "purge",
    step_name: isPulse ? "Pulse valve 1" : "Purge",
    loop_path: [cycle],
    cycle,
    planned_ms: 50,
    device_started_at: new Date().toISOString(),
    parameters: isPulse ? { valve_number: 1, valve_duration_ms: 50 } : { purge_duration_ms: 50 },
  };
}
