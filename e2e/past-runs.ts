import { randomUUID } from "node:crypto";
import type { Lab, Machine, Recipe } from "./lab.ts";

export type PastRun = { id: string; machine: Machine; recipe: Recipe; startedAt: string };

/** What one of them was like; the others take after a run of the demo. */
export type Past = {
  minutes?: number;
  deviations?: number;
  status?: "completed" | "failed";
  name?: string;
  version?: number;
};

/**
 * Runs without steps on a machine and of a recipe of the test's own, one an hour, the first as the oldest: for whatever concerns the list
 * and not what a run did.
 */
export async function pastRuns(lab: Lab, runs: readonly Past[]): Promise<PastRun[]> {
  const [machine, recipe] = await Promise.all([
    lab.machine({ isByHand: true }),
    lab.recipe([{ wait: 1_000 }]),
  ]);
  const made: PastRun[] = [];
  for (const [hour, run] of runs.entries()) {
    const id = randomUUID();
    const startedAt = new Date(Date.UTC(2026, 0, 5, hour)).toISOString();
    await lab.sql(
      `insert into public.process_executions
         (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status, start_time, end_time, parameters, deviation_count, end_reason)
       select $1, r.session_id, $2, $9,
         jsonb_set(jsonb_set(r.recipe_version, '{recipe,name}', to_jsonb($3::text)), '{recipe,version}', to_jsonb($4::int)),
         r.operator_id, $5::public.process_status, $6::timestamptz, $6::timestamptz + make_interval(mins => $7), r.parameters, $8, $5
       from public.process_executions r join public.machines m on m.id = r.machine_id
       where m.serial_number = 'ALD-01' and r.status = 'completed' order by r.start_time limit 1`,
      [
        id,
        machine.id,
        run.name ?? "Past recipe",
        run.version ?? 1,
        run.status ?? "completed",
        startedAt,
        run.minutes ?? 10,
        run.deviations ?? 0,
        recipe.id,
      ],
    );
    made.push({ id, machine, recipe, startedAt });
  }
  return made;
}
