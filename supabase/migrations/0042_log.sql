-- The log that people read: everything that was asked, refused, changed, written and said, newest first. What the audit log
-- did not hold yet, notes, sign-ins and changes of a role or of an assignment, it holds from here on.
-- Written by: triggers on run_notes, profiles and user_machine_assignments, record_sign_in and record_sign_out. Read by: every person.

-- What people do is a small part of what is written: a machine's own moves are in neither index.
create index audit_log_by_actor on public.audit_log (actor_id, id desc) where actor_id is not null;
create index audit_log_by_command on public.audit_log (command_id) where command_id is not null;
create index audit_log_by_action on public.audit_log (action, id desc) where action <> 'machine_status' and action <> 'run_status';

create function private.run_notes_audit() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_machine uuid := (select r.machine_id from public.process_executions r where r.id = new.process_id);
begin
  perform private.audit(
    case when tg_op = 'INSERT' then 'note_written' when new.is_retracted and not old.is_retracted then 'note_retracted' else 'note_changed' end,
    v_machine, new.process_id, null,
    case when tg_op = 'UPDATE' then jsonb_strip_nulls(jsonb_build_object('note_id', old.id, 'version', old.version, 'body', old.body,
      'seq', old.seq, 'until_seq', old.until_seq, 'at', old.at, 'until_at', old.until_at)) end,
    jsonb_strip_nulls(jsonb_build_object('note_id', new.id, 'version', new.version, 'body', case when not new.is_retracted then new.body end,
      'seq', new.seq, 'until_seq', new.until_seq, 'at', new.at, 'until_at', new.until_at)));
  return null;
end
$$;
comment on function private.run_notes_audit() is 'Audits every note, change of a note and note taken back, whoever writes it.';
create trigger t90_audit after insert or update on public.run_notes for each row execute function private.run_notes_audit();

create function private.profiles_audit() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.audit('role_changed', null, null, null,
    jsonb_build_object('person_id', old.id, 'role', old.role, 'status', old.status),
    jsonb_build_object('person_id', new.id, 'name', new.full_name, 'role', new.role, 'status', new.status));
  return null;
end
$$;
comment on function private.profiles_audit() is 'Audits every change of a person''s role, and of whether the profile is active.';
create trigger t90_audit after update of role, status on public.profiles for each row
  when (old.role is distinct from new.role or old.status is distinct from new.status) execute function private.profiles_audit();

create function private.assignments_audit() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.audit('assignment_changed', coalesce(new.machine_id, old.machine_id), null, null,
    case when tg_op <> 'INSERT' then jsonb_build_object('person_id', old.user_id, 'is_active', old.is_active) end,
    case when tg_op <> 'DELETE' then jsonb_build_object('person_id', new.user_id, 'is_active', new.is_active,
      'name', (select p.full_name from public.profiles p where p.id = new.user_id)) end);
  return null;
end
$$;
comment on function private.assignments_audit() is 'Audits who may command a machine from now on, and who not any more.';
create trigger t90_audit after insert or update of is_active or delete on public.user_machine_assignments for each row execute function private.assignments_audit();

create function private.record_session(p_action text) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_person uuid := (select auth.uid());
  -- Tells sessions apart without naming them.
  v_session text := left(md5(coalesce((select auth.jwt()) ->> 'session_id', '')), 12);
begin
  if v_person is null or not exists (select 1 from public.profiles p where p.id = v_person) then
    return private.refuse(403, 'not_signed_in', 'The session was not recorded: nobody with a profile is signed in.', 'Ask an administrator for a profile.');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('record_session ' || v_person, 0));
  -- Once for a session, however often it is said.
  if exists (
    select 1 from (select * from public.audit_log a where a.actor_id = v_person order by a.id desc limit 200) x
    where x.action = p_action and x.after ->> 'session' = v_session
  ) then
    return jsonb_build_object('ok', true, 'is_new', false);
  end if;
  if (select count(*) from (select * from public.audit_log a where a.actor_id = v_person order by a.id desc limit 200) x
    where x.action = p_action and x.at > clock_timestamp() - interval '1 minute') >= 60 then
    return private.refuse(429, 'too_many_sign_ins', 'The session was not recorded: 60 of this person began or ended within a minute.', 'Wait a minute and try again.');
  end if;
  perform private.audit(p_action, null, null, null, null, jsonb_build_object('session', v_session));
  return jsonb_build_object('ok', true, 'is_new', true);
end
$$;
comment on function private.record_session(text) is 'Records that the caller''s own session began or ended, once, and at most 60 a minute.';

create function public.record_sign_in() returns jsonb
language sql security definer set search_path = '' set lock_timeout = '2s'
as $$ select private.record_session('signed_in') $$;
comment on function public.record_sign_in() is
  'Records that the session of the caller''s token began: once for a session, whoever the caller is, even with a profile that is not '
  'active. Caller: any signed-in person with a profile. 403 not_signed_in, 429 too_many_sign_ins.';

create function public.record_sign_out() returns jsonb
language sql security definer set search_path = '' set lock_timeout = '2s'
as $$ select private.record_session('signed_out') $$;
comment on function public.record_sign_out() is
  'Records that the caller ended the session of the token. Caller: any signed-in person with a profile. 403 not_signed_in, 429 too_many_sign_ins.';

create function private.audit_id_from(p_at timestamptz) returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_from bigint := (select a.id from public.audit_log a order by a.id limit 1);
  v_to bigint := (select a.id + 1 from public.audit_log a order by a.id desc limit 1);
  v record;
begin
  while v_from < v_to loop
    select a.id, a.at into v from public.audit_log a where a.id >= v_from + (v_to - v_from) / 2 order by a.id limit 1;
    if v.at >= p_at then
      v_to := v_from + (v_to - v_from) / 2;
    else
      v_from := v.id + 1;
    end if;
  end loop;
  return coalesce(v_from, 1);
end
$$;
comment on function private.audit_id_from(timestamptz) is
  'A number of the audit log at which a moment was reached, by halving: rows are numbered as they are written, so their times rise, but for '
  'rows written at once. Ask for a minute more on either side, and compare the times of what is found.';

create function private.log_actions(p_kind text) returns text[]
language sql immutable set search_path = ''
as $$
  select case p_kind
    when 'command' then '{command_requested,command_expired}'::text[]
    when 'refusal' then '{command_rejected}'
    when 'machine' then '{machine_status,controller_lost,controller_returned}'
    when 'run' then '{run_status}'
    when 'note' then '{note_written,note_changed,note_retracted}'
    when 'mark' then '{run_marked}'
    when 'recipe' then '{recipe_saved}'
    when 'session' then '{signed_in,signed_out,role_changed,assignment_changed}'
    when 'upkeep' then '{telemetry_removed}'
  end
$$;
comment on function private.log_actions(text) is 'The actions of the audit log that are of one kind; null for a kind there is not.';

create function private.log_source(p_filter jsonb, p_place bigint, p_is_newer boolean, p_budget integer) returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  f jsonb := coalesce(p_filter, '{}');
  v_actions text[] := private.log_actions(f ->> 'kind');
  v_is_by_time boolean;
  v_where text;
  v_times text := '';
  v_order text := case when p_is_newer then 'asc' else 'desc' end;
  v_than text := case when p_is_newer then '>' else '<' end;
  v_at timestamptz;
begin
  -- The index that leaves least to be looked through.
  v_where := case
    when f ->> 'run_id' is not null then format('a.run_id = %L::uuid', f ->> 'run_id')
    when f ->> 'person_id' is not null then format('a.actor_id = %L::uuid', f ->> 'person_id')
    when v_actions && '{machine_status,run_status}' is not false and f ->> 'machine_id' is not null then format('a.machine_id = %L::uuid', f ->> 'machine_id')
    else 'true' end;
  v_is_by_time := v_where like 'a.run_id%' or v_where like 'a.machine_id%';
  if v_is_by_time then
    -- These indexes are in the order of time; rows of one instant in that of their numbers.
    if p_place is not null then
      v_at := (select a.at from public.audit_log a where a.id = p_place);
      v_times := format(' and a.at %1$s= %2$L and (a.at %1$s %2$L or a.id %1$s %3$s)', v_than, coalesce(v_at, 'infinity'::timestamptz), p_place);
    end if;
    if f ->> 'from' is not null then
      v_times := v_times || format(' and a.at >= %L', (f ->> 'from')::timestamptz);
    end if;
    if f ->> 'to' is not null then
      v_times := v_times || format(' and a.at < %L', (f ->> 'to')::timestamptz);
    end if;
    -- What was asked of a run names the command alone.
    return format('select x.* from ((select a.* from public.audit_log a where %1$s%2$s order by a.at %3$s, a.id %3$s limit %4$s)%5$s) x order by x.at %3$s, x.id %3$s limit %4$s',
      v_where, v_times, v_order, p_budget + 1,
      case when f ->> 'run_id' is not null then format(' union all (select a.* from public.audit_log a join public.machine_commands c on c.id = a.command_id where a.run_id is null and c.run_id = %L::uuid%s)',
        f ->> 'run_id', v_times) end);
  end if;
  if p_place is not null then
    v_where := v_where || format(' and a.id %s %s', v_than, p_place);
  end if;
  if f ->> 'from' is not null then
    v_where := v_where || format(' and a.id >= %s', private.audit_id_from((f ->> 'from')::timestamptz - interval '1 minute'));
  end if;
  if f ->> 'to' is not null then
    v_where := v_where || format(' and a.id < %s', private.audit_id_from((f ->> 'to')::timestamptz + interval '1 minute'));
  end if;
  if v_where not like 'a.actor_id%' and not v_actions && '{machine_status,run_status}' then
    return (
      select format('select x.* from (%s) x order by x.id %s limit %s',
        string_agg(format('(select a.* from public.audit_log a where a.action = %L and %s order by a.id %s limit %s)', action, v_where, v_order, p_budget + 1), ' union all '),
        v_order, p_budget + 1)
      from unnest(v_actions) action);
  end if;
  return format('select a.* from public.audit_log a where %s order by a.id %s limit %s', v_where, v_order, p_budget + 1);
end
$$;
comment on function private.log_source(jsonb, bigint, boolean, integer) is
  'Rows of the audit log that may pass a filter, as a query: by one index, in one direction from a place, and no more than a budget.';

create function private.log_filter(p_filter jsonb) returns text
language plpgsql stable set search_path = ''
as $$
declare
  v_where text := 'true';
  f jsonb := coalesce(p_filter, '{}');
  v_text text := lower(btrim(f ->> 'text'));
begin
  if f ->> 'run_id' is not null then
    v_where := v_where || format(' and (a.run_id = %1$L::uuid or a.command_id in (select c.id from public.machine_commands c where c.run_id = %1$L::uuid))', f ->> 'run_id');
  end if;
  if f ->> 'machine_id' is not null then
    v_where := v_where || format(' and a.machine_id = %L::uuid', f ->> 'machine_id');
  end if;
  if f ->> 'person_id' is not null then
    v_where := v_where || format(' and a.actor_id = %L::uuid', f ->> 'person_id');
  end if;
  if f ->> 'is_nobody' = 'true' then
    v_where := v_where || ' and a.actor_id is null';
  end if;
  if f ->> 'kind' is not null then
    v_where := v_where || format(' and a.action = any (%L::text[])', private.log_actions(f ->> 'kind'));
  end if;
  if f ->> 'from' is not null then
    v_where := v_where || format(' and a.at >= %L', (f ->> 'from')::timestamptz);
  end if;
  if f ->> 'to' is not null then
    v_where := v_where || format(' and a.at < %L', (f ->> 'to')::timestamptz);
  end if;
  if v_text <> '' then
    -- Every word is looked for as it is written; of a note, in what it says and said.
    select v_where || string_agg(format(' and position(%L in lower(concat_ws('' '', a.reason, a.before ->> ''body'', a.after ->> ''body''))) > 0', left(w, 200)), '') into v_where
    from regexp_split_to_table(left(v_text, 1000), '\s+') w;
  end if;
  return v_where;
end
$$;
comment on function private.log_filter(jsonb) is 'A filter of the log as a condition on its rows.';

create function public.read_log(
  p_filter jsonb default '{}', p_place bigint default null, p_is_newer boolean default false, p_limit integer default 50
) returns jsonb
language plpgsql stable security invoker set search_path = '' set jit = 'off'
as $$
declare
  -- As many rows are looked through for one page; a filter that few pass goes on from there.
  c_budget constant integer := 20000;
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 500);
  v_rows jsonb;
  v_hits integer;
  v_last bigint;
  v_edge jsonb;
begin
  if p_filter ->> 'kind' is not null and private.log_actions(p_filter ->> 'kind') is null then
    raise exception using errcode = 'PT422', message = format('The log was not read: there is no kind "%s".', p_filter ->> 'kind'),
      hint = 'Use command, refusal, machine, run, note, mark, recipe, session or upkeep.';
  end if;
  execute format($query$
    with looked as materialized (
      select x.*, row_number() over () as n from (%1$s) x
    ), hits as materialized (
      select a.* from looked a where a.n <= %2$s and %3$s order by a.n limit %4$s + 1
    ), page as (
      select h.*, row_number() over (order by h.n) as k from hits h
    )
    select
      (select jsonb_agg(jsonb_build_object(
          'id', p.id, 'at', p.at, 'actor_id', p.actor_id, 'actor_name', coalesce(o.full_name, o.username, o.email), 'actor_role', p.actor_role, 'action', p.action,
          'machine_id', p.machine_id, 'machine_name', coalesce(m.name, m.serial_number), 'run_id', coalesce(p.run_id, c.run_id), 'recipe_name', r.recipe_version #>> '{recipe,name}',
          'before', p.before, 'after', p.after, 'reason', p.reason,
          'is_simulated', coalesce(r.parameters -> 'is_simulated' = 'true'::jsonb, m.is_virtual, false)) order by p.k)
        from page p
        left join public.profiles o on o.id = p.actor_id
        left join public.machines m on m.id = p.machine_id
        left join public.machine_commands c on c.id = p.command_id
        left join public.process_executions r on r.id = coalesce(p.run_id, c.run_id)
        where p.k <= %4$s),
      (select count(*) from hits),
      (select p.id from page p where p.k = %4$s),
      (select jsonb_build_object('id', l.id, 'at', l.at) from looked l where l.n = %2$s and exists (select 1 from looked o where o.n > l.n))
    $query$, private.log_source(p_filter, p_place, coalesce(p_is_newer, false), c_budget), c_budget, private.log_filter(p_filter), v_limit)
  into v_rows, v_hits, v_last, v_edge;
  return jsonb_build_object('rows', coalesce(v_rows, '[]'::jsonb),
    'next', case when v_hits > v_limit then to_jsonb(v_last) else v_edge -> 'id' end,
    'looked_until', case when v_hits <= v_limit then v_edge -> 'at' end);
exception when data_exception then
  raise exception using errcode = 'PT422', message = format('The log was not read: the filter is none (%s).', sqlerrm), hint = 'Correct the filter, or leave it out.';
end
$$;
comment on function public.read_log(jsonb, bigint, boolean, integer) is
  'A page of the log (at most 500 rows), newest first from a place downwards, or, with p_is_newer, oldest first from it upwards. next is the '
  'place to go on from, null where nothing follows. One page looks through 20 000 rows at most: looked_until is where it stopped looking '
  'without being full, else null. p_filter: run_id, machine_id, person_id, is_nobody (no person: a controller or the database itself), kind '
  '(command, refusal, machine, run, note, mark, recipe, session, upkeep), from, to, text (each word in the reason or a note). Raises PT422 '
  'for an unknown kind and a filter that is none.';

create function public.log_choices() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'machines', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'name', coalesce(m.name, m.serial_number)) order by m.name, m.id) from public.machines m), '[]'::jsonb),
    'people', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', coalesce(p.full_name, p.username, p.email)) order by p.full_name, p.id) from public.profiles p), '[]'::jsonb))
$$;
comment on function public.log_choices() is 'What the log may be filtered by: machines and people.';

revoke execute on all functions in schema private from public;
grant execute on function private.audit_id_from(timestamptz), private.log_actions(text), private.log_source(jsonb, bigint, boolean, integer), private.log_filter(jsonb)
  to authenticated, service_role;
revoke execute on function public.record_sign_in(), public.record_sign_out() from public, anon, service_role;
grant execute on function public.record_sign_in(), public.record_sign_out() to authenticated;
revoke execute on function public.read_log(jsonb, bigint, boolean, integer), public.log_choices() from public, anon;
grant execute on function public.read_log(jsonb, bigint, boolean, integer), public.log_choices() to authenticated, service_role;

/* rollback
drop function if exists public.log_choices(), public.read_log(jsonb, bigint, boolean, integer), public.record_sign_out(), public.record_sign_in();
drop function if exists private.log_filter(jsonb), private.log_source(jsonb, bigint, boolean, integer), private.log_actions(text),
  private.audit_id_from(timestamptz), private.record_session(text);
drop trigger if exists t90_audit on public.user_machine_assignments;
drop trigger if exists t90_audit on public.profiles;
drop trigger if exists t90_audit on public.run_notes;
drop function if exists private.assignments_audit(), private.profiles_audit(), private.run_notes_audit();
drop index if exists public.audit_log_by_action, public.audit_log_by_command, public.audit_log_by_actor;
rollback */
