-- The one invariant checker: what must hold in every committed snapshot, asked of the data. Tests, storms and soaks call
-- it; so can an operator of the database. An empty answer means that all hold.
-- I8 (no write of a superseded controller) cannot be seen in the data afterwards; it is held by the fence tests.

create function public.check_invariants(p_machine_id uuid default null)
returns table (invariant text, machine_id uuid, run_id uuid, detail text)
language sql stable security invoker set search_path = ''
as $$
  with runs as (
    select r.*, r.status in ('preparing', 'running', 'paused') as is_active
    from public.process_executions r where p_machine_id is null or r.machine_id = p_machine_id
  ), pairs as (
    select m.id, m.status, m.current_process_id, s.current_state, s.process_id, s.machine_id is null as is_alone,
      (select count(*) from runs r where r.machine_id = m.id and r.is_active) as active,
      (select r.is_active from runs r where r.id = m.current_process_id) as current_is_active
    from public.machines m left join public.machine_state s on s.machine_id = m.id
    where p_machine_id is null or m.id = p_machine_id
  ), steps as (
    select h.process_id, h.seq, h.started_at, h.ended_at,
      lead(h.started_at) over (partition by h.process_id order by h.seq) as next_started_at,
      row_number() over (partition by h.process_id order by h.seq) as position,
      count(*) over (partition by h.process_id) as total
    from public.step_execution_history h join runs r on r.id = h.process_id
  ), audits as (
    select a.id, a.machine_id, a.run_id, a.action, a.before ->> 'status' as old_status, a.after ->> 'status' as new_status,
      lag(a.after ->> 'status') over (
        partition by a.action, case a.action when 'machine_status' then a.machine_id else a.run_id end order by a.id) as previous_status,
      row_number() over (
        partition by a.action, case a.action when 'machine_status' then a.machine_id else a.run_id end order by a.id desc) as age
    from public.audit_log a
    where a.action in ('machine_status', 'run_status') and (p_machine_id is null or a.machine_id = p_machine_id)
  )
  select 'I1', p.id, null::uuid, p.active || ' active runs on one machine' from pairs p where p.active > 1
  union all
  select 'I2', p.id, p.current_process_id, case when p.is_alone then 'no machine_state row'
    else format('machines says %s/%s, machine_state says %s/%s', p.status, p.current_process_id, p.current_state, p.process_id) end
  from pairs p
  where p.is_alone or p.status <> p.current_state or p.current_process_id is distinct from p.process_id
  union all
  select 'I2', p.id, p.current_process_id, format('machine is %s with %s active runs, its current run is %s', p.status, p.active,
    case when p.current_process_id is null then 'none' when p.current_is_active then 'active' else 'ended' end)
  from pairs p
  where (p.status in ('processing', 'stopping', 'unknown')) <> (p.active > 0)
    or (p.active > 0) <> coalesce(p.current_is_active, false)
    or (p.current_process_id is not null and not coalesce(p.current_is_active, false))
  union all
  select 'I3', r.machine_id, r.id, format('%s step executions, newest seq %s, last_seq %s', coalesce(x.total, 0), x.newest, r.last_seq)
  from runs r left join (select s.process_id, count(*) as total, max(s.seq) as newest, min(s.seq) as oldest from steps s group by 1) x on x.process_id = r.id
  where coalesce(x.total, 0) <> r.last_seq or coalesce(x.newest, 0) <> r.last_seq or coalesce(x.oldest, 1) <> 1
  union all
  select 'I4', r.machine_id, r.id, format('%s open step executions while the run is %s', x.open, r.status)
  from runs r join (select s.process_id, count(*) filter (where s.ended_at is null) as open from steps s group by 1) x on x.process_id = r.id
  where x.open <> r.is_active::integer
  union all
  select 'I5', r.machine_id, r.id, case
    when s.ended_at <= s.started_at then format('step %s ends before it begins', s.seq)
    when s.position < s.total then format('step %s ends at %s, step %s begins at %s', s.seq, s.ended_at, s.seq + 1, s.next_started_at)
    else format('the last step ends at %s, the run at %s', s.ended_at, r.end_time) end
  from steps s join runs r on r.id = s.process_id
  where s.ended_at <= s.started_at
    or (s.position < s.total and s.ended_at is distinct from s.next_started_at)
    or (s.position = s.total and not r.is_active and s.ended_at is distinct from r.end_time)
  union all
  select 'I6', c.machine_id, c.run_id, format('command %s (%s, %s): %s', c.id, c.kind, c.status, case
    when c.status = 'succeeded' and c.kind = 'stop' then 'succeeded, but its run was not aborted'
    when c.kind = 'start' and c.status = 'succeeded' then 'succeeded without a run that began'
    else 'still open although its run has ended' end)
  from public.machine_commands c left join public.process_executions r on r.id = c.run_id
  where (p_machine_id is null or c.machine_id = p_machine_id) and (
    (c.kind = 'stop' and c.status = 'succeeded' and r.status is distinct from 'aborted')
    or (c.kind = 'start' and c.status = 'succeeded' and coalesce(r.last_seq, 0) = 0)
    or (c.settled_at is null and r.status in ('completed', 'failed', 'aborted')))
  union all
  select 'I6', min(c.machine_id::text)::uuid, c.run_id, count(*) || ' starts share one run'
  from public.machine_commands c
  where c.kind = 'start' and c.run_id is not null and (p_machine_id is null or c.machine_id = p_machine_id)
  group by c.run_id having count(*) > 1
  union all
  select 'I7', a.machine_id, a.run_id, format('%s went from %s, but the change before led to %s', a.action, a.old_status, a.previous_status)
  from audits a where a.previous_status is not null and a.old_status is distinct from a.previous_status
  union all
  select 'I7', m.id, null, format('machine is %s, its last audited status is %s', m.status, a.new_status)
  from public.machines m join audits a on a.action = 'machine_status' and a.machine_id = m.id and a.age = 1
  where m.status <> a.new_status
  union all
  select 'I7', r.machine_id, r.id, format('run is %s, its last audited status is %s', r.status, coalesce(a.new_status, 'none'))
  from runs r left join audits a on a.action = 'run_status' and a.run_id = r.id and a.age = 1
  where r.status::text is distinct from a.new_status
  union all
  select 'I11', null, null, format('table %s has no row security', c.relname)
  from pg_catalog.pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity and p_machine_id is null
$$;
comment on function public.check_invariants(uuid) is
  'Violations of I1–I7 and I11, none when all hold; for one machine, or for all. Caller: controller and tests.';
revoke execute on function public.check_invariants(uuid) from public, anon, authenticated;
grant execute on function public.check_invariants(uuid) to service_role;

/* rollback
drop function if exists public.check_invariants(uuid);
rollback */
