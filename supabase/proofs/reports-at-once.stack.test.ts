/** What one controller reports at the same moment over several calls: steps, samples and readings never fail each other. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Lab, stepReport } from "./lab.ts";
import { asController, codeOf, type Place, type Reply, rpc } from "./rest.ts";
import { Scene } from "./scene.ts";

let lab: Lab;
let place: Place;
beforeAll(async () => {
  place = inject("stack");
  lab = await Lab.open(place.dbUrl, 6);
});
afterAll(() => lab?.close());

const PARAMETERS = 12;
const ROUNDS = 120;

/** Ids of as many heaters' parameters of the machine. */
async function parametersOf(machine: string): Promise<string[]> {
  const [kind] = await lab.sql(
    "insert into public.component_definitions (name, type) values ($1, 'heater') returning id",
    [randomUUID()],
  );
  const ids: string[] = [];
  for (let index = 0; index < PARAMETERS; index += 1) {
    const [made] = await lab.sql<{ id: string }>(
      `with definition as (
         insert into public.component_parameter_definitions (component_definition_id, name) values ($2, $3) returning id
       ), component as (
         insert into public.machine_components (machine_id, name, type, definition_id) values ($1, $3, 'heater', $2) returning id
       )
       insert into public.component_parameters (component_id, definition_id, min_value, max_value)
       select component.id, definition.id, 0, 1000 from component, definition returning id`,
      [machine, kind?.["id"], `heater_${index}`],
    );
    if (made !== undefined) ids.push(made.id);
  }
  return ids;
}

test("a step that sets a parameter, samples of it and readings at once are all taken", {
  timeout: 120_000,
}, async () => {
  const scene = await Scene.running(lab, 1);
  const ids = await parametersOf(scene.machine);
  const valuesOf = (list: string[], round: number) => Object.fromEntries(list.map((id) => [id, round]));
  const send = (fn: string, args: object) =>
    rpc(place, asController(place), fn, { p_fence_token: scene.fence, ...args });
  const replies: Reply[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = ids[round % PARAMETERS];
    const step = stepReport(round + 2, {
      step_type: "parameter",
      parameters: { parameter_id: id, parameter_value: round },
    });
    const sample = {
      timestamp: new Date(Date.UTC(2026, 0, 1) + round).toISOString(),
      values: valuesOf(ids, round),
    };
    replies.push(
      ...(await Promise.all([
        send("record_samples", { p_run_id: scene.run, p_samples: [sample] }),
        send("record_step", { p_run_id: scene.run, p_steps: [step] }),
        send("record_readings", { p_machine_id: scene.machine, p_values: valuesOf(ids.toReversed(), round) }),
        send("renew_lease", { p_machine_id: scene.machine }),
      ])),
    );
  }
  const failed = replies.filter(({ status }) => status !== 200).map((reply) => [reply.status, codeOf(reply)]);
  expect(failed).toEqual([]);
  expect(await scene.look()).toMatchObject({ run: "running", last_seq: ROUNDS + 1 });
});
