import type { Lab } from "./lab.ts";

/** What SQL says of the demo run whose valve stayed open too long for some cycles in a row. */
export type SlowValveRun = {
  id: string;
  deviations: number;
  /** Number of the first step that deviates. */
  first: number;
  fromCycle: number;
  toCycle: number;
  stepName: string;
};

export async function slowValveRun(lab: Lab): Promise<SlowValveRun> {
  const [run] = await lab.sql<SlowValveRun>(
    `select h.process_id as id, count(*)::int as deviations, min(h.seq)::int as first, min(h.cycle)::int as "fromCycle",
       max(h.cycle)::int as "toCycle", min(h.step_name) as "stepName"
     from public.step_execution_history h
     join public.process_executions r on r.id = h.process_id and r.status = 'completed' and r.last_seq = 402
     where h.is_deviation and h.step_type = 'valve'
     group by h.process_id having count(*) > 10 order by 1 limit 1`,
  );
  if (!run) throw new Error("The demo data holds no run with a slow valve.");
  return run;
}
