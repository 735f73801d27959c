// The two patterns under the same fault, trial by trial, each on a machine of its own.

import { type Call, CONTROLLER } from "../call.ts";
import type { Lab } from "../lab.ts";
import { inconsistentOf, STATES, type State, twoCallTables } from "./two-call.ts";

export const FAULTS = [
  "none",
  "connection killed between the two calls",
  "reply lost",
  "two writers at once",
  "state row missing",
] as const;
export type Fault = (typeof FAULTS)[number];

/** One way to move a machine, with the fault put where it hurts. */
export type Pattern = {
  makeMachine(hasStateRow: boolean): Promise<string>;
  move(machine: string, to: State, fault: Fault): Promise<void>;
  /** Two writers move the machine at the same time, to different states. */
  race(machine: string, one: State, other: State): Promise<void>;
  countInconsistent(machines: string[]): Promise<number>;
};

const SCHEMA = "two_call";

export async function theirs(lab: Lab): Promise<Pattern> {
  await lab.sql(
    `drop schema if exists ${SCHEMA} cascade; create schema ${SCHEMA}; grant usage on schema ${SCHEMA} to service_role; ${twoCallTables(SCHEMA)}`,
  );
  const write = async (text: string, values: unknown[]) => {
    const { code } = await lab.write(CONTROLLER, text, values);
    if (code !== "") throw new Error(`a write of the two-call pattern failed: ${code}`);
  };
  const first = (machine: string, to: State) =>
    write(
      `update ${SCHEMA}.two_call_machines set status = $2, current_process_id = null, updated_at = now() where id = $1`,
      [machine, to],
    );
  const second = (machine: string, to: State) =>
    write(
      `update ${SCHEMA}.two_call_machine_state set current_state = $2::text, process_id = null, state_since = now(),
         is_failure_mode = $2::text = 'error', updated_at = now() where machine_id = $1`,
      [machine, to],
    );
  return {
    async makeMachine(hasStateRow) {
      const [row] = await lab.sql<{ id: string }>(
        `insert into ${SCHEMA}.two_call_machines default values returning id`,
      );
      const id = row?.id ?? "";
      if (hasStateRow)
        await lab.sql(`insert into ${SCHEMA}.two_call_machine_state (machine_id) values ($1)`, [id]);
      return id;
    },
    async move(machine, to, fault) {
      await first(machine, to);
      // Whoever does not hear of the first call never makes the second.
      if (fault === "connection killed between the two calls" || fault === "reply lost") return;
      await second(machine, to);
    },
    // One of the ways they can fall: the one who begins first ends last.
    async race(machine, one, other) {
      await first(machine, one);
      await first(machine, other);
      await second(machine, other);
      await second(machine, one);
    },
    countInconsistent: (machines) =>
      count(lab, inconsistentOf(`${SCHEMA}.two_call_machines`, `${SCHEMA}.two_call_machine_state`), machines),
  };
}

export function ours(lab: Lab): Pattern {
  const call = (machine: string, to: State): Call => {
    const args =
      to === "error"
        ? { p_machine_id: machine, p_error_message: "proof" }
        : { p_machine_id: machine, p_machine_status: to };
    const fn = to === "error" ? "atomic_error_machine_state" : "atomic_update_machine_state";
    return { fn, args, caller: CONTROLLER };
  };
  return {
    async makeMachine(hasStateRow) {
      const id = await lab.machine();
      if (!hasStateRow)
        await lab.sql(
          `begin; set local session_replication_role = replica; delete from public.machine_state where machine_id = '${id}'; commit`,
        );
      return id;
    },
    async move(machine, to, fault) {
      const isKilled = fault === "connection killed between the two calls";
      const answer = await lab.call(
        call(machine, to),
        isKilled ? "cut" : fault === "reply lost" ? "lost" : "delivered",
      );
      if (answer !== null && answer.code !== "") throw new Error(`${to} was refused: ${answer.code}`);
    },
    async race(machine, one, other) {
      await Promise.all([this.move(machine, one, "none"), this.move(machine, other, "none")]);
    },
    countInconsistent: (machines) =>
      count(lab, inconsistentOf("public.machines", "public.machine_state"), machines),
  };
}

/** Share of machines that are inconsistent after each was moved once under the fault. */
export async function inconsistencyRate(pattern: Pattern, fault: Fault, trials: number): Promise<number> {
  const machines: string[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const machine = await pattern.makeMachine(fault !== "state row missing");
    machines.push(machine);
    const to = STATES[1 + (trial % 3)] ?? "error";
    const other = STATES[1 + ((trial + 1) % 3)] ?? "idle";
    if (fault === "two writers at once") await pattern.race(machine, to, other);
    else await pattern.move(machine, to, fault);
  }
  return (await pattern.countInconsistent(machines)) / trials;
}

/** Time of each of `count` moves of one machine, in ms. */
export async function moveTimes(pattern: Pattern, machine: string, moves: number): Promise<number[]> {
  const times: number[] = [];
  for (let move = 0; move < moves; move += 1) {
    const began = performance.now();
    await pattern.move(machine, STATES[move % 2] ?? "idle", "none");
    times.push(performance.now() - began);
  }
  return times;
}

async function count(lab: Lab, text: string, machines: string[]): Promise<number> {
  const [row] = await lab.sql<{ count: number }>(text, [machines]);
  if (row === undefined) throw new Error("nothing was counted");
  return row.count;
}
