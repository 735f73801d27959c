-- What screens read: one consistent snapshot per page, and reductions of a run that never return more than was asked
-- for. All run with the reader's own rights. Called by: signed-in people, and the controller.

create view public.runs_overview with (security_invoker = true) as
select
  r.id as run_id, r.machine_id, m.name as machine_name, m.serial_number, r.recipe_id,
  r.recipe_version #>> '{recipe,name}' as recipe_name, (r.recipe_version #>> '{recipe,version}')::integer as recipe_revision,
  r.operator_id, p.full_name as operator_name, r.status, r.start_time, r.end_time, r.total_steps, r.total_cycles,
  r.planned_ms, r.last_seq, r.deviation_count, r.end_reason, r.error_message, r.description,
  coalesce((r.parameters ->> 'is_simulated')::boolean, false) as is_simulated
from public.process_executions r
join public.machines m on m.id = r.machine_id
left join public.profiles p on p.id = r.operator_id;
comment on view public.runs_overview is 'One row per run with the names a person looks for.';

