/** What the two-call controller writes, statement by statement; each is a transaction of its own, and any may be the last. */
import type { Request, RunKey } from "./requests.ts";

export type OldWrite = { text: string; values: unknown[] };
type Names = { machine: string; operator: string; recipe: string; idOf: (key: RunKey) => string };

/** Null when the request is nothing an old controller writes. */
export function oldWrites(request: Request, names: Names): OldWrite[] | null {
  switch (request.fn) {
    case "old start":
      return start(names.idOf(request.run), names).slice(0, request.statements);
    case "old step":
      return [
        {
          text: `update public.process_execution_state
            set current_step_index = coalesce(current_step_index, 0) + 1, current_step_type = 'valve', current_step_name = $2,
              current_valve_number = 1, current_valve_duration_ms = 100, last_updated = now()
            where execution_id = $1`,
          values: [names.idOf(request.run), request.name],
        },
      ];
    case "old end":
      return end(request, names).slice(0, request.statements);
    case "old machine": {
      const run = request.run === null ? null : names.idOf(request.run);
      return [machineWrite(request.table, names.machine, request.status, run)];
    }
    default:
      return null;
  }
}

function machineWrite(
  table: "machines" | "machine_state",
  machine: string,
  status: string,
  run: string | null,
): OldWrite {
  const text =
    table === "machines"
      ? "update public.machines set status = $2, current_process_id = $3, updated_at = now() where id = $1"
      : "update public.machine_state set current_state = $2, process_id = $3, state_since = now() where machine_id = $1";
  return { text, values: [machine, status, run] };
}

function start(run: string, { machine, operator, recipe }: Names): OldWrite[] {
  return [
    {
      text: "insert into public.operator_sessions (operator_id, machine_id) values ($1, $2)",
      values: [operator, machine],
    },
    {
      text: `insert into public.process_executions
          (id, session_id, machine_id, recipe_id, recipe_version, start_time, operator_id, status, parameters)
        select $1, s.id, $2, $3, '{"recipe": {"name": "old"}}', now(), $4, 'running', '{}'
        from public.operator_sessions s where s.machine_id = $2 order by s.created_at desc limit 1`,
      values: [run, machine, recipe, operator],
    },
    {
      text: "insert into public.process_execution_state (execution_id, total_overall_steps) values ($1, 4)",
      values: [run],
    },
    machineWrite("machines", machine, "running", run),
    machineWrite("machine_state", machine, "PROCESSING", run),
  ];
}

/** The old controller stamps the end by its own clock, and leaves it out when the run failed. */
function end(request: Extract<Request, { fn: "old end" }>, names: Names): OldWrite[] {
  const { status, skewSeconds } = request;
  const machine = status === "failed" ? "error" : "idle";
  return [
    {
      text: `update public.process_executions
        set status = $2::public.process_status, updated_at = now(),
          end_time = case when $3::float8 is null then end_time else now() + make_interval(secs => $3::float8) end,
          error_message = case when $2 = 'failed' then 'old fault' end
        where id = $1`,
      values: [names.idOf(request.run), status, skewSeconds],
    },
    machineWrite("machines", names.machine, machine, null),
    machineWrite("machine_state", names.machine, machine.toUpperCase(), null),
  ];
}
