import { randomUUID } from "node:crypto";
import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import { HandController } from "./hand-controller.ts";
import type { Lab, Machine, Recipe } from "./lab.ts";

export const CYCLES = 10;
const PULSE_MS = 100;
const PURGE_MS = 400;

export type PlayedRuns = { machine: Machine; recipe: Recipe; ids: string[] };

/**
 * Completed runs of one recipe of ten cycles, a pulse and a purge each, on a machine of the test's own; `pulses` says of
 * each run how long its pulses were, in ms.
 */
export async function playedRuns(
  lab: Lab,
  site: Site,
  pulses: readonly (readonly number[])[],
): Promise<PlayedRuns> {
  const [machine, recipe] = await Promise.all([
    lab.machine({ isByHand: true }),
    lab.recipe([
      {
        loop: CYCLES,
        name: "Layer",
        steps: [
          { pulse: 1, ms: PULSE_MS, name: "TMA pulse" },
          { purge: PURGE_MS, name: "TMA purge" },
        ],
      },
    ]),
  ]);
  const person = await lab.person("operator", [machine]);
  const controller = await HandController.hold(lab, site, machine);
  const steps = await lab.sql<RecipeStep>("select id, type from public.recipe_steps where recipe_id = $1", [
    recipe.id,
  ]);
  const ids: string[] = [];
  for (const [hours, lengths] of pulses.entries()) {
    const answer = await callRpc(site.stack, person, "start_process", {
      p_command_id: randomUUID(),
      p_machine_id: machine.id,
      p_recipe_id: recipe.id,
    });
    if (answer.body["ok"] !== true) throw new Error(`Not started: ${JSON.stringify(answer)}`);
    const { id, runId } = await controller.open("start");
    await controller.accept(id);
    await controller.record(runId, reported(lengths, Date.UTC(2026, 0, 5, hours), steps));
    await controller.end(runId, "completed");
    ids.push(runId);
  }
  controller.fallSilent();
  return { machine, recipe, ids };
}

type RecipeStep = { id: string; type: string };

function reported(
  lengths: readonly number[],
  beginsAt: number,
  recipeSteps: readonly RecipeStep[],
): object[] {
  const idOf = (wanted: string) => recipeSteps.find(({ type }) => type === wanted)?.id;
  let at = beginsAt;
  return lengths.flatMap((measured, cycle) => {
    const common = { loop_path: [cycle + 1], cycle: cycle + 1 };
    const [pulseAt, purgeAt] = [at, at + measured];
    at = purgeAt + PURGE_MS;
    return [
      {
        ...common,
        seq: 2 * cycle + 1,
        step_type: "valve",
        step_name: "TMA pulse",
        recipe_step_id: idOf("valve"),
        planned_ms: PULSE_MS,
        measured_ms: measured,
        device_started_at: new Date(pulseAt).toISOString(),
        parameters: { valve_number: 1, valve_duration_ms: PULSE_MS },
      },
      {
        ...common,
        seq: 2 * cycle + 2,
        step_type: "purge",
        step_name: "TMA purge",
        recipe_step_id: idOf("purge"),
        planned_ms: PURGE_MS,
        measured_ms: PURGE_MS,
        device_started_at: new Date(purgeAt).toISOString(),
        parameters: { purge_duration_ms: PURGE_MS },
      },
    ];
  });
}
