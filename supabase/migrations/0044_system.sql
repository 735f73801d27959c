-- What the product says of itself: whether the record contradicts itself, what it runs on, how much it holds.
-- Written by: nobody. Read by: every person; engineers and administrators see more of it.

create function private.recent_violations() returns table (invariant text, machine_id uuid, run_id uuid, detail text)
language sql stable security definer set search_path = '' set jit = 'off'
as $$
  with active as (
    select r.* from public.machines m join public.process_executions r on r.machine_id = m.id and r.status in ('preparing', 'running', 'paused')
  ), newest as (
    select r.* from public.process_executions r order by r.start_time desc limit 20
  ), runs as materialized (
    select x.*, x.status in ('preparing', 'running', 'paused') as is_active from (select * from active union select * from newest) x
  ), pairs as (
    select m.id, m.status, m.current_process_id, s.current_state, s.process_id, s.machine_id is null as is_alone,
      (select count(*) from active a where a.machine_id = m.id) as active,
      exists (select 1 from active a where a.id = m.current_process_id) as current_is_active
    from public.machines m left join public.machine_state s on s.machine_id = m.id
  ), steps as materialized (
    select r.id as run_id, h.seq, h.started_at, h.ended_at, lead(h.seq) over w as next_seq, lead(h.started_at) over w as next_started_at
    from runs r cross join lateral (
      select x.seq, x.started_at, x.ended_at from public.step_execution_history x where x.process_id = r.id order by x.seq desc limit 500
    ) h
    window w as (partition by r.id order by h.seq)
  ), moves as (
    select m.id, m.status, a.after ->> 'status' as told from public.machines m cross join lateral (
      select x.after from (select y.* from public.audit_log y where y.machine_id = m.id order by y.at desc limit 200) x
      where x.action = 'machine_status' order by x.at desc, x.id desc limit 1
    ) a
  )
  select 'I1', p.id, null::uuid, p.active || ' active runs on one machine' from pairs p where p.active > 1
  union all
  select 'I2', p.id, p.current_process_id, case when p.is_alone then 'no machine_state row'
    else format('machines says %s/%s, machine_state says %s/%s', p.status, coalesce(p.current_process_id::text, 'no run'), p.current_state, coalesce(p.process_id::text, 'no run')) end
  from pairs p where p.is_alone or p.status <> p.current_state or p.current_process_id is distinct from p.process_id
  union all
  select 'I2', p.id, p.current_process_id, format('machine is %s with %s active runs, its current run is %s', p.status, p.active,
    case when p.current_process_id is null then 'none' when p.current_is_active then 'active' else 'ended' end)
  from pairs p where (p.status in ('processing', 'stopping', 'unknown')) <> (p.active > 0) or (p.active > 0) <> p.current_is_active
  union all
  select 'I3', r.machine_id, r.id, format('newest step is %s, last_seq %s', coalesce(x.newest, 0), r.last_seq)
  from runs r left join (select s.run_id, max(s.seq) as newest from steps s group by 1) x on x.run_id = r.id where coalesce(x.newest, 0) <> r.last_seq
  union all
  select 'I3', r.machine_id, r.id, format('step %s is followed by step %s', s.seq, s.next_seq)
  from steps s join runs r on r.id = s.run_id where s.next_seq <> s.seq + 1
  union all
  select 'I4', r.machine_id, r.id, format('%s open step executions while the run is %s', x.open, r.status)
  from runs r cross join lateral (select count(*) as open from (
    select 1 from public.step_execution_history h where h.process_id = r.id and h.ended_at is null limit 10) o) x
  where r.last_seq > 0 and x.open <> r.is_active::integer
  union all
  select 'I5', r.machine_id, r.id, case when s.ended_at <= s.started_at then format('step %s ends before it begins', s.seq)
    when s.next_seq is not null then format('step %s ends at %s, the next begins at %s', s.seq, s.ended_at, s.next_started_at)
    else format('the last step ends at %s, the run at %s', s.ended_at, r.end_time) end
  from steps s join runs r on r.id = s.run_id
  where s.ended_at <= s.started_at or (s.next_seq is not null and s.ended_at is distinct from s.next_started_at)
    or (s.next_seq is null and not r.is_active and s.ended_at is distinct from r.end_time)
  union all
  select 'I6', c.machine_id, c.run_id, format('command %s (%s, %s) %s', c.id, c.kind, c.status, case
    when c.status = 'succeeded' and c.kind = 'stop' then 'succeeded, but its run was not aborted'
    when c.status = 'succeeded' and c.kind = 'start' then 'succeeded without a step'
    else 'is still open although its run has ended' end)
  from runs r join public.machine_commands c on c.run_id = r.id
  where (c.kind = 'stop' and c.status = 'succeeded' and r.status <> 'aborted') or (c.kind = 'start' and c.status = 'succeeded' and r.last_seq = 0)
    or (c.settled_at is null and not r.is_active)
  union all
  select 'I7', v.id, null, format('machine is %s, its last audited status is %s', v.status, v.told) from moves v where v.status <> v.told
  union all
  select 'I7', r.machine_id, r.id, format('run is %s, its last audited status is %s', r.status, coalesce(a.told, 'none'))
  from runs r left join lateral (
    select x.after ->> 'status' as told from public.audit_log x where x.run_id = r.id and x.action = 'run_status' order by x.at desc, x.id desc limit 1
  ) a on true
  where r.status::text is distinct from a.told
  union all
  select 'I11', null, null, format('table %s has no row security', c.relname)
  from pg_catalog.pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
$$;
comment on function private.recent_violations() is
  'As check_invariants, of what is near: every machine, every active run and the 20 newest, the last 500 steps of each. Its cost does not grow with the history.';

create function private.newest_migration() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v jsonb;
begin
  -- Whoever applies migrations keeps the list; a database put together by hand has none.
  if to_regclass('supabase_migrations.schema_migrations') is null then
    return null;
  end if;
  execute $q$ select jsonb_build_object('version', max(version), 'name', (array_agg(name order by version desc))[1], 'count', count(*)) from supabase_migrations.schema_migrations $q$ into v;
  return v;
end
$$;
comment on function private.newest_migration() is 'The newest migration that was applied, and how many were; null where nobody keeps the list.';

create function private.storage_report() returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
    'tables', (select jsonb_agg(jsonb_build_object('name', t.name, 'bytes', pg_catalog.pg_total_relation_size(c.oid), 'rows', greatest(c.reltuples, 0)::bigint) order by t.n)
      from (values (1, 'Step history', 'public.step_execution_history'), (2, 'Sums of steps', 'private.step_chunks'), (3, 'Sums of telemetry', 'private.telemetry_sums'),
        (4, 'Audit log', 'public.audit_log'), (5, 'Runs', 'public.process_executions')) t (n, name, relation)
      join pg_catalog.pg_class c on c.oid = to_regclass(t.relation)),
    'telemetry', coalesce((select jsonb_agg(jsonb_build_object('month', to_char((p.until - interval '1 day') at time zone 'UTC', 'YYYY-MM'), 'until', p.until, 'bytes', p.bytes, 'readings', p.readings) order by p.until desc nulls last)
      from (select * from private.telemetry_partitions() x where x.readings > 0 or x.until is null order by x.until desc nulls last limit 40) p), '[]'::jsonb),
    'database_bytes', pg_catalog.pg_database_size(pg_catalog.current_database()))
$$;
comment on function private.storage_report() is
  'Bytes and rows (as last counted by analyze) of what grows: tables, and telemetry by month (until: its end, null for readings that lie in no month).';

create function public.system_report() returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_may_see_all boolean := private.is_engineer() or coalesce(auth.role() = 'service_role', false);
begin
  if not private.is_person() and not v_may_see_all then
    return null;
  end if;
  return jsonb_build_object(
    'server_time', clock_timestamp(), 'postgres', current_setting('server_version'), 'migration', private.newest_migration(),
    'leases', coalesce((select jsonb_agg(jsonb_build_object('machine_id', m.id, 'machine_name', coalesce(m.name, m.serial_number), 'controller', l.controller, 'driver', l.driver,
        'fence_token', l.fence_token, 'acquired_at', l.acquired_at, 'renewed_at', l.renewed_at, 'expires_at', l.expires_at, 'is_simulated', l.is_simulated) order by m.name, m.id)
      from public.machine_leases l join public.machines m on m.id = l.machine_id), '[]'::jsonb),
    'violations', case when v_may_see_all then coalesce((select jsonb_agg(jsonb_build_object('invariant', v.invariant, 'machine_id', v.machine_id,
        'machine_name', coalesce(m.name, m.serial_number), 'run_id', v.run_id, 'detail', v.detail) order by v.invariant, m.name)
      from (select * from private.recent_violations() limit 50) v left join public.machines m on m.id = v.machine_id), '[]'::jsonb) end,
    'storage', case when v_may_see_all then private.storage_report() end);
end
$$;
comment on function public.system_report() is
  'What the product says of itself: server time, versions and leases for every person; for engineers, administrators and controllers also the violations of '
  'recent_violations (at most 50) and what is stored. Null for whoever is no person. Its cost does not grow with the history.';

revoke execute on all functions in schema private from public;
revoke execute on function public.system_report() from public, anon;
grant execute on function public.system_report() to authenticated, service_role;

/* rollback
drop function if exists public.system_report(), private.storage_report(), private.newest_migration(), private.recent_violations();
rollback */
