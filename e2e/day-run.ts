import { randomUUID } from "node:crypto";
import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import { HandController } from "./hand-controller.ts";
import type { Lab } from "./lab.ts";

export const PULSES = 12;
export const PULSE_MS = 15;
export const PURGE_MS = 3_600_000;

/** A run of half a day in which a valve opens for 15 ms each hour, and was closed on time. */
export async function dayRun(lab: Lab, site: Site): Promise<string> {
  const [machine, recipe] = await Promise.all([
    lab.machine({ isByHand: true }),
    lab.recipe([
      {
        loop: PULSES,
        name: "Hour",
        steps: [
          { pulse: 1, ms: PULSE_MS, name: "TMA pulse" },
          { purge: PURGE_MS, name: "TMA purge" },
        ],
      },
    ]),
  ]);
  const person = await lab.person("operator", [machine]);
  const controller = await HandController.hold(lab, site, machine);
  const answer = await callRpc(site.stack, person, "start_process", {
    p_command_id: randomUUID(),
    p_machine_id: machine.id,
    p_recipe_id: recipe.id,
  });
  if (answer.body["ok"] !== true) throw new Error(`Not started: ${JSON.stringify(answer)}`);
  const { id, runId } = await controller.open("start");
  await controller.accept(id);
  await controller.record(runId, steps());
  await controller.end(runId, "completed");
  await controller.leave();
  return runId;
}

function steps(): object[] {
  const begin = Date.UTC(2026, 0, 5);
  return Array.from({ length: PULSES }, (_, hour) => {
    const at = begin + hour * (PULSE_MS + PURGE_MS);
    const common = { loop_path: [hour + 1], cycle: hour + 1 };
    return [
      {
        ...common,
        seq: 2 * hour + 1,
        step_type: "valve",
        step_name: "TMA pulse",
        planned_ms: PULSE_MS,
        measured_ms: PULSE_MS,
        device_started_at: new Date(at).toISOString(),
        parameters: { valve_number: 1, valve_duration_ms: PULSE_MS },
      },
      {
        ...common,
        seq: 2 * hour + 2,
        step_type: "purge",
        step_name: "TMA purge",
        planned_ms: PURGE_MS,
        measured_ms: PURGE_MS,
        device_started_at: new Date(at + PULSE_MS).toISOString(),
        parameters: { purge_duration_ms: PURGE_MS },
      },
    ];
  }).flat();
}
