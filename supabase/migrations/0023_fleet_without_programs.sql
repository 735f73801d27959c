-- The fleet shows of a run its recipe's name and its totals. It was sent every run's whole program with every read: of two
-- hundred machines, most of a megabyte every ten seconds for each person who watches.
-- Written by: nobody new.

create or replace function public.fleet_snapshot() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object('server_time', clock_timestamp(), 'machines', coalesce(jsonb_agg(jsonb_build_object(
    'machine', to_jsonb(m),
    'state', to_jsonb(s),
    'lease', to_jsonb(l),
    'run', to_jsonb(r) - 'recipe_version' || jsonb_build_object('recipe_name', r.recipe_version #>> '{recipe,name}'),
    'run_state', (select to_jsonb(e) from public.process_execution_state e where e.execution_id = r.id),
    'last_deviation', (
      select to_jsonb(h) from public.step_execution_history h
      where h.process_id = r.id and h.is_deviation order by h.seq desc limit 1)
  ) order by m.name), '[]'::jsonb))
  from public.machines m
  left join public.machine_state s on s.machine_id = m.id
  left join public.machine_leases l on l.machine_id = m.id
  left join lateral (
    select x.* from public.process_executions x
    where x.machine_id = m.id order by (x.id = m.current_process_id) desc nulls last, x.start_time desc limit 1
  ) r on true
  where m.is_active
$$;

/* rollback
create or replace function public.fleet_snapshot() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object('server_time', clock_timestamp(), 'machines', coalesce(jsonb_agg(jsonb_build_object(
    'machine', to_jsonb(m),
    'state', to_jsonb(s),
    'lease', to_jsonb(l),
    'run', to_jsonb(r),
    'run_state', (select to_jsonb(e) from public.process_execution_state e where e.execution_id = r.id),
    'last_deviation', (
      select to_jsonb(h) from public.step_execution_history h
      where h.process_id = r.id and h.is_deviation order by h.seq desc limit 1)
  ) order by m.name), '[]'::jsonb))
  from public.machines m
  left join public.machine_state s on s.machine_id = m.id
  left join public.machine_leases l on l.machine_id = m.id
  left join lateral (
    select x.* from public.process_executions x
    where x.machine_id = m.id order by (x.id = m.current_process_id) desc nulls last, x.start_time desc limit 1
  ) r on true
  where m.is_active
$$;
rollback */
