-- The same move in one statement. What moves a machine writes both tables and answers with them as it goes, an error with its
-- reason at once; the triggers that hold the rules find the other table in agreement and only look. The three shorthands keep
-- their plan. The answer is json, as the call that carries it is: nothing is parsed twice. Written by: nobody new.

create or replace function private.machines_canonical() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.status not in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance') then
    new.status := private.machine_status_of(new.status);
  end if;
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    new.updated_at := clock_timestamp();
  end if;
  return new;
end
$$;

create or replace function private.machine_state_canonical() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.current_state not in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance') then
    new.current_state := private.machine_status_of(new.current_state);
  end if;
  if length(new.failure_description) > 4000 then
    new.failure_description := left(new.failure_description, 4000);
  end if;
  new.updated_at := clock_timestamp();
  if tg_op = 'UPDATE' and new.current_state is distinct from old.current_state then
    new.state_since := clock_timestamp();
  end if;
  return new;
end
$$;

create or replace function private.machines_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if exists (select 1 from public.machine_state s where s.machine_id = new.id and s.current_state = new.status
    and s.process_id is not distinct from new.current_process_id and s.is_failure_mode = (new.status = 'error')) then
    return null;
  end if;
  update public.machine_state s set
    current_state = new.status, process_id = new.current_process_id, is_failure_mode = new.status = 'error',
    failure_description = case when new.status = 'error' then s.failure_description end
  where s.machine_id = new.id;
  if not found then
    insert into public.machine_state (machine_id, current_state, process_id, is_failure_mode)
    values (new.id, new.status, new.current_process_id, new.status = 'error');
  end if;
  return new;
end
$$;

create or replace function private.machine_agrees() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_status text;
  v_named uuid;
  v_active uuid;
begin
  select m.status, m.current_process_id, r.id into v_status, v_named, v_active
  from public.machines m
  left join public.process_executions r on r.machine_id = m.id and r.status in ('preparing', 'running', 'paused')
  where m.id = new.id;
  if v_status is not null and (
    v_named is distinct from v_active or (v_status in ('processing', 'stopping', 'unknown')) <> (v_active is not null))
  then
    raise exception using errcode = 'PT409',
      message = format('The machine was not moved: %s with run %s, but its active run is %s.', v_status,
        coalesce(v_named::text, 'none'), coalesce(v_active::text, 'none')),
      hint = 'End the run first, or begin one; the machine follows its run.';
  end if;
  return null;
end
$$;

drop function private.move_machine(uuid, text, uuid, boolean, text);
create function private.move_machine(
  p_machine_id uuid, p_status text, p_process_id uuid,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns json
language plpgsql security definer set search_path = ''
as $$
declare
  v_answer json;
begin
  -- What machines_carry would write of a failure is what is told here: then nothing is left for it to write.
  if p_is_failure_mode = (p_status = 'error') then
    with m as (
      update public.machines m set status = p_status, current_process_id = p_process_id
      where m.id = p_machine_id and (m.status <> p_status or m.current_process_id is distinct from p_process_id)
      returning m.*
    ), s as (
      update public.machine_state s set
        current_state = p_status, process_id = p_process_id, is_failure_mode = p_is_failure_mode, failure_description = p_failure_description
      from m where s.machine_id = m.id
      returning s.*
    )
    select json_build_object('ok', true, 'success', true, 'machine', row_to_json(m), 'machine_state', row_to_json(s), 'updated_at', m.updated_at)
    into v_answer from m join s on s.machine_id = m.id;
    if found then
      return v_answer;
    end if;
  end if;
  update public.machines m set status = p_status, current_process_id = p_process_id
  where m.id = p_machine_id and (m.status, m.current_process_id) is distinct from (p_status, p_process_id);
  if not found then
    perform 1 from public.machines m where m.id = p_machine_id for no key update;
    if not found then
      return null;
    end if;
  end if;
  update public.machine_state s set
    current_state = p_status, process_id = p_process_id,
    is_failure_mode = p_is_failure_mode, failure_description = p_failure_description
  where s.machine_id = p_machine_id and (s.current_state, s.process_id, s.is_failure_mode, s.failure_description)
    is distinct from (p_status, p_process_id, p_is_failure_mode, p_failure_description);
  if not found and not exists (select 1 from public.machine_state s where s.machine_id = p_machine_id) then
    insert into public.machine_state (machine_id, current_state, process_id, is_failure_mode, failure_description)
    values (p_machine_id, p_status, p_process_id, p_is_failure_mode, p_failure_description);
  end if;
  return (
    select json_build_object('ok', true, 'success', true, 'machine', row_to_json(m), 'machine_state', row_to_json(s), 'updated_at', m.updated_at)
    from public.machines m join public.machine_state s on s.machine_id = m.id where m.id = p_machine_id);
end
$$;
comment on function private.move_machine(uuid, text, uuid, boolean, text) is
  'Moves both tables, machines first, and answers with both rows; what is there already is not written again. Null when there is no such machine.';
revoke execute on function private.move_machine(uuid, text, uuid, boolean, text) from public;

drop function public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid), public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text);
create function public.atomic_update_machine_state(
  p_machine_id uuid, p_machine_status text, p_current_process_id uuid default null,
  p_machine_state_current_state text default null, p_machine_state_process_id uuid default null,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns json
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$
declare
  v_status text := private.machine_status_of(p_machine_status);
  v_state text := v_status;
  v_process uuid := coalesce(p_current_process_id, p_machine_state_process_id);
begin
  if current_setting('transaction_isolation') <> 'repeatable read' then
    perform private.require_repeatable_read();
  end if;
  if p_machine_state_current_state is not null then
    v_state := private.machine_status_of(p_machine_state_current_state);
  end if;
  if v_status is distinct from v_state or coalesce(p_machine_state_process_id, v_process) is distinct from v_process then
    return private.refuse(422, 'states_disagree',
      format('The machine was not moved: status %s and state %s, or their runs, disagree.', v_status, v_state),
      'Send the same state and the same run for both tables.')::json;
  end if;
  if v_status is null or v_status not in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance') then
    return private.refuse(422, 'state_unknown', format('The machine was not moved: "%s" is not a machine status.', p_machine_status),
      'Use offline, idle, processing, stopping, error, unknown or maintenance.')::json;
  end if;
  if v_process is not null and not exists (select 1 from public.process_executions r where r.id = v_process) then
    return private.refuse(404, 'run_not_found', 'The machine was not moved: there is no such run.', 'Send the run that the machine plays, or none.')::json;
  end if;
  return coalesce(
    private.move_machine(p_machine_id, v_status, v_process, coalesce(p_is_failure_mode, false), p_failure_description),
    private.refuse(404, 'machine_not_found', 'The machine was not moved: there is no such machine.', 'Check the machine id.')::json);
end
$$;

create function public.atomic_complete_machine_state(p_machine_id uuid) returns json
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$
begin
  return public.atomic_update_machine_state(p_machine_id, 'idle');
end
$$;

create function public.atomic_error_machine_state(p_machine_id uuid, p_error_message text) returns json
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$
begin
  return public.atomic_update_machine_state(p_machine_id, 'error', p_is_failure_mode => true,
    p_failure_description => 'Recipe execution error: ' || coalesce(p_error_message, 'no message'));
end
$$;

create function public.atomic_processing_machine_state(p_machine_id uuid, p_process_id uuid) returns json
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$
begin
  return public.atomic_update_machine_state(p_machine_id, 'processing', p_process_id);
end
$$;

comment on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text) is
  'Moves machines and machine_state together. Caller: controller. 404 machine_not_found, run_not_found, '
  '422 states_disagree, state_unknown.';
comment on function public.atomic_complete_machine_state(uuid) is 'Both tables to idle, no run. Caller: controller. 404 machine_not_found.';
comment on function public.atomic_error_machine_state(uuid, text) is 'Both tables to error with the reason. Caller: controller. 404 machine_not_found.';
comment on function public.atomic_processing_machine_state(uuid, uuid) is 'Both tables to processing with the run. Caller: controller. 404 machine_not_found, run_not_found.';

revoke execute on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text),
  public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid) from public, anon, authenticated;
grant execute on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text),
  public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid) to service_role;

/* rollback
drop function public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid), public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text);
create function public.atomic_update_machine_state(
  p_machine_id uuid, p_machine_status text, p_current_process_id uuid default null,
  p_machine_state_current_state text default null, p_machine_state_process_id uuid default null,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$
declare
  v_status text := private.machine_status_of(p_machine_status);
  v_state text := private.machine_status_of(coalesce(p_machine_state_current_state, p_machine_status));
  v_process uuid := coalesce(p_current_process_id, p_machine_state_process_id);
begin
  perform private.require_repeatable_read();
  if v_status is distinct from v_state or coalesce(p_machine_state_process_id, v_process) is distinct from v_process then
    return private.refuse(422, 'states_disagree',
      format('The machine was not moved: status %s and state %s, or their runs, disagree.', v_status, v_state),
      'Send the same state and the same run for both tables.');
  end if;
  if v_status is null or v_status not in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance') then
    return private.refuse(422, 'state_unknown', format('The machine was not moved: "%s" is not a machine status.', p_machine_status),
      'Use offline, idle, processing, stopping, error, unknown or maintenance.');
  end if;
  if not private.move_machine(p_machine_id, v_status, v_process, coalesce(p_is_failure_mode, false), p_failure_description) then
    return private.refuse(404, 'machine_not_found', 'The machine was not moved: there is no such machine.', 'Check the machine id.');
  end if;
  return (
    select jsonb_build_object('ok', true, 'success', true, 'machine', to_jsonb(m), 'machine_state', to_jsonb(s), 'updated_at', m.updated_at)
    from public.machines m join public.machine_state s on s.machine_id = m.id where m.id = p_machine_id);
end
$$;
create function public.atomic_complete_machine_state(p_machine_id uuid) returns jsonb
language sql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$ select public.atomic_update_machine_state(p_machine_id, 'idle') $$;
create function public.atomic_error_machine_state(p_machine_id uuid, p_error_message text) returns jsonb
language sql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$
  select public.atomic_update_machine_state(p_machine_id, 'error', p_is_failure_mode => true,
    p_failure_description => 'Recipe execution error: ' || coalesce(p_error_message, 'no message'))
$$;
create function public.atomic_processing_machine_state(p_machine_id uuid, p_process_id uuid) returns jsonb
language sql security definer set search_path = '' set default_transaction_isolation = 'repeatable read' set lock_timeout = '2s'
as $$ select public.atomic_update_machine_state(p_machine_id, 'processing', p_process_id) $$;
comment on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text) is
  'Moves machines and machine_state together. Caller: controller. 404 machine_not_found, 422 states_disagree, state_unknown.';
comment on function public.atomic_complete_machine_state(uuid) is 'Both tables to idle, no run. Caller: controller. 404 machine_not_found.';
comment on function public.atomic_error_machine_state(uuid, text) is 'Both tables to error with the reason. Caller: controller. 404 machine_not_found.';
comment on function public.atomic_processing_machine_state(uuid, uuid) is 'Both tables to processing with the run. Caller: controller. 404 machine_not_found.';

revoke execute on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text),
  public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid) from public, anon, authenticated;
grant execute on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text),
  public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid) to service_role;
drop function private.move_machine(uuid, text, uuid, boolean, text);
create function private.move_machine(
  p_machine_id uuid, p_status text, p_process_id uuid,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines m set status = p_status, current_process_id = p_process_id
  where m.id = p_machine_id and (m.status, m.current_process_id) is distinct from (p_status, p_process_id);
  if found then
    -- machines_carry has written the other table, and as here when nothing is told of a failure.
    if p_status <> 'error' and not p_is_failure_mode and p_failure_description is null then
      return true;
    end if;
  else
    perform 1 from public.machines m where m.id = p_machine_id for no key update;
    if not found then
      return false;
    end if;
  end if;
  update public.machine_state s set
    current_state = p_status, process_id = p_process_id,
    is_failure_mode = p_is_failure_mode, failure_description = p_failure_description
  where s.machine_id = p_machine_id and (s.current_state, s.process_id, s.is_failure_mode, s.failure_description)
    is distinct from (p_status, p_process_id, p_is_failure_mode, p_failure_description);
  if not found and not exists (select 1 from public.machine_state s where s.machine_id = p_machine_id) then
    insert into public.machine_state (machine_id, current_state, process_id, is_failure_mode, failure_description)
    values (p_machine_id, p_status, p_process_id, p_is_failure_mode, p_failure_description);
  end if;
  return true;
end
$$;
comment on function private.move_machine(uuid, text, uuid, boolean, text) is
  'Moves both tables, machines first; what is there already is not written again. False when there is no such machine.';
revoke execute on function private.move_machine(uuid, text, uuid, boolean, text) from public;
create or replace function private.machine_agrees() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_machine public.machines;
  v_active uuid;
begin
  select * into v_machine from public.machines m where m.id = new.id;
  select r.id into v_active from public.process_executions r
  where r.machine_id = new.id and r.status in ('preparing', 'running', 'paused');
  if v_machine.id is not null and (
    v_machine.current_process_id is distinct from v_active
    or (v_machine.status in ('processing', 'stopping', 'unknown')) <> (v_active is not null))
  then
    raise exception using errcode = 'PT409',
      message = format('The machine was not moved: %s with run %s, but its active run is %s.', v_machine.status,
        coalesce(v_machine.current_process_id::text, 'none'), coalesce(v_active::text, 'none')),
      hint = 'End the run first, or begin one; the machine follows its run.';
  end if;
  return null;
end
$$;
create or replace function private.machines_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machine_state s set
    current_state = new.status, process_id = new.current_process_id, is_failure_mode = new.status = 'error',
    failure_description = case when new.status = 'error' then s.failure_description end
  where s.machine_id = new.id and (s.current_state, s.process_id, s.is_failure_mode)
    is distinct from (new.status, new.current_process_id, new.status = 'error');
  if not found and not exists (select 1 from public.machine_state s where s.machine_id = new.id) then
    insert into public.machine_state (machine_id, current_state, process_id, is_failure_mode)
    values (new.id, new.status, new.current_process_id, new.status = 'error');
  end if;
  return new;
end
$$;
create or replace function private.machine_state_canonical() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.current_state := private.machine_status_of(new.current_state);
  new.updated_at := clock_timestamp();
  if tg_op = 'UPDATE' and new.current_state is distinct from old.current_state then
    new.state_since := clock_timestamp();
  end if;
  return new;
end
$$;
create or replace function private.machines_canonical() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.status := private.machine_status_of(new.status);
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    new.updated_at := clock_timestamp();
  end if;
  return new;
end
$$;
rollback */
