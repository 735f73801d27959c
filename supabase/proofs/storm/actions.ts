/** What a worker of a storm may do next, and what an answer tells it. Beliefs are often wrong; that is the point. */
import { randomUUID } from "node:crypto";
import { type Answer, type Call, CONTROLLER, person } from "../call.ts";
import { stepReport } from "../lab.ts";
import type { Believed, World } from "./world.ts";

export type Action = {
  weight: number;
  call: (machine: Believed, world: World) => Call | null;
  told?: (machine: Believed, world: World, answer: Answer, call: Call) => void;
};

const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];
const operator = (world: World) => person(pick(world.operators) ?? "");
const rpc = (fn: string, args: Record<string, unknown>): Call => ({ fn, args, caller: CONTROLLER });

function start(machine: Believed, world: World): Call {
  const args = { p_command_id: randomUUID(), p_machine_id: machine.id, p_recipe_id: world.recipe };
  return { fn: "start_process", args, caller: operator(world) };
}

function started(machine: Believed, world: World, answer: Answer): void {
  const id = answer.body["run_id"];
  if (answer.code !== "" || typeof id !== "string" || world.promises.started.has(id)) return;
  world.promises.started.add(id);
  machine.run = { id, seq: 0 };
}

const stop = (machine: Believed, world: World): Call => ({
  fn: "request_stop",
  args: { p_command_id: randomUUID(), p_machine_id: machine.id },
  caller: operator(world),
});

const clear = (machine: Believed, world: World): Call => ({
  fn: "clear_machine",
  args: { p_command_id: randomUUID(), p_machine_id: machine.id, p_reason: "storm" },
  caller: operator(world),
});

function reconcile({ run }: Believed, world: World): Call | null {
  if (run === null) return null;
  const args = { p_command_id: randomUUID(), p_run_id: run.id, p_outcome: "aborted", p_reason: "storm" };
  return { fn: "reconcile_run", args, caller: operator(world) };
}

const claim =
  (controller: string) =>
  (machine: Believed): Call =>
    rpc("claim_machine", {
      p_machine_id: machine.id,
      p_controller: controller,
      p_driver: "simulated",
      p_is_simulated: true,
    });

function claimed(machine: Believed, _world: World, { code, body }: Answer): void {
  if (code !== "") return;
  machine.fence = Math.max(machine.fence, Number(body["fence_token"]));
  const run = body["run"];
  if (typeof run === "object" && run !== null && "id" in run && machine.run === null)
    machine.run = { id: String(run.id), seq: "last_seq" in run ? Number(run.last_seq) : 0 };
}

const renew = (machine: Believed): Call =>
  rpc("renew_lease", { p_machine_id: machine.id, p_fence_token: machine.fence });

/** Steps of the current run: the next one, several, one again, or one too far. */
function record(machine: Believed): Call | null {
  if (machine.run === null) return null;
  const { id, seq } = machine.run;
  const first = Math.max(1, seq + (Math.random() < 0.8 ? 1 : Math.floor(Math.random() * 3)));
  const count = Math.random() < 0.8 ? 1 : 4;
  const steps = Array.from({ length: count }, (_, index) => stepReport(first + index));
  return rpc("record_step", { p_run_id: id, p_fence_token: machine.fence, p_steps: steps });
}

function recorded(machine: Believed, { promises }: World, { code, body }: Answer, { args }: Call): void {
  const id = String(args["p_run_id"]);
  if (code === "run_ended" && machine.run?.id === id) machine.run = null;
  if (code !== "") return;
  const seq = Number(body["last_seq"]);
  promises.steps.set(id, Math.max(promises.steps.get(id) ?? 0, seq));
  if (machine.run?.id === id) machine.run.seq = Math.max(machine.run.seq, seq);
}

/** A step of a run that ended long ago, or one by a controller that was superseded. */
function late(machine: Believed): Call | null {
  const run = Math.random() < 0.5 ? pick(machine.ended) : machine.run?.id;
  if (run === undefined) return null;
  const fence = machine.ended.includes(run) ? machine.fence : machine.fence - 1;
  return rpc("record_step", { p_run_id: run, p_fence_token: fence, p_steps: [stepReport(1), stepReport(2)] });
}

function end(machine: Believed): Call | null {
  if (machine.run === null) return null;
  const outcome = pick(["completed", "aborted", "failed", "interrupted"]);
  const p_last_steps = [stepReport(Math.max(1, machine.run.seq), { measured_ms: 99.5 })];
  const args = { p_run_id: machine.run.id, p_fence_token: machine.fence, p_outcome: outcome };
  return rpc("end_process", machine.run.seq > 0 ? { ...args, p_last_steps } : args);
}

function ended(machine: Believed, { promises }: World, { code }: Answer, { args }: Call): void {
  const id = String(args["p_run_id"]);
  if (code !== "" && code !== "run_ended") return;
  promises.ended.add(id);
  machine.ended.push(id);
  if (machine.run?.id === id) machine.run = null;
}

/** The call before once more, as a program does that got no answer. */
const again = (machine: Believed): Call | null => machine.last;

export const ACTIONS: readonly Action[] = [
  { weight: 45, call: record, told: recorded },
  { weight: 12, call: start, told: started },
  { weight: 5, call: stop },
  { weight: 10, call: end, told: ended },
  { weight: 6, call: renew },
  { weight: 2, call: claim("storm"), told: claimed },
  { weight: 1, call: claim("another"), told: claimed },
  { weight: 7, call: late },
  { weight: 7, call: again },
  { weight: 4, call: clear },
  { weight: 2, call: reconcile },
];
