/** What the workers of a storm believe of their machines, and what they were promised: an answer is a promise. */
import type { Call } from "../call.ts";
import type { Lab } from "../lab.ts";

export type Believed = {
  id: string;
  fence: number;
  run: { id: string; seq: number } | null;
  ended: string[];
  last: Call | null;
};

export type Promises = {
  /** Runs whose start was answered. */
  started: Set<string>;
  /** Highest step number that was answered, by run. */
  steps: Map<string, number>;
  /** Runs whose end was answered. */
  ended: Set<string>;
};

export type World = {
  machines: Believed[];
  operators: string[];
  recipe: string;
  promises: Promises;
};

/** Each may start twelve runs a minute on a machine. */
const OPERATORS = 60;

export async function makeWorld(lab: Lab, machines: number): Promise<World> {
  const operators: string[] = [];
  while (operators.length < OPERATORS) operators.push(await lab.person("operator"));
  const believed: Believed[] = [];
  for (let number = 0; number < machines; number += 1) {
    const id = await lab.machine();
    for (const operator of operators) await lab.assign(operator, id);
    believed.push({ id, fence: 0, run: null, ended: [], last: null });
  }
  const promises: Promises = { started: new Set(), steps: new Map(), ended: new Set() };
  return { machines: believed, operators, recipe: await lab.recipe(50), promises };
}

/** Promises the database no longer keeps. */
export async function broken(lab: Lab, { promises, machines }: World): Promise<string[]> {
  const rows = await lab.sql<{ id: string; status: string; last_seq: number }>(
    "select id, status, last_seq from public.process_executions where machine_id = any($1)",
    [machines.map(({ id }) => id)],
  );
  const runs = new Map(rows.map((row) => [row.id, row]));
  const isOver = (status: string | undefined) => ["completed", "failed", "aborted"].includes(status ?? "");
  return [
    ...[...promises.started].filter((id) => !runs.has(id)).map((id) => `run ${id} was started and is gone`),
    ...[...promises.steps]
      .filter(([id, seq]) => (runs.get(id)?.last_seq ?? 0) < seq)
      .map(([id, seq]) => `step ${seq} of run ${id} was recorded and is gone`),
    ...[...promises.ended]
      .filter((id) => !isOver(runs.get(id)?.status))
      .map((id) => `run ${id} was ended and is not`),
  ];
}
