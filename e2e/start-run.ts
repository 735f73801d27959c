import { randomUUID } from "node:crypto";
import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import type { Lab, Machine, Recipe, Step } from "./lab.ts";

export type StartedRun = { id: string; machine: Machine; recipe: Recipe };

/** A machine and a recipe of the test's own, and the recipe running on it; started past the screen. */
export async function startRun(lab: Lab, site: Site, steps: Step[]): Promise<StartedRun> {
  const [machine, recipe] = await Promise.all([lab.machine(), lab.recipe(steps)]);
  const person = await lab.person("operator", [machine]);
  await lab.served(machine);
  const answer = await callRpc(site.stack, person, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  const [run] = await lab.sql<{ id: string }>(
    "select id from public.process_executions where machine_id = $1",
    [machine.id],
  );
  if (!run) throw new Error(`The run was not started: ${JSON.stringify(answer)}`);
  return { id: run.id, machine, recipe };
}
