-- One move for the pair machines/machine_state. Four public functions keep the names existing controllers call.
-- A controller that still writes the two tables one by one keeps working: each write is carried to the other table.
-- Lock order everywhere: lease, command, machines, machine_state, process_executions, process_execution_state, history.

create function private.refuse(
  p_status integer, p_code text, p_message text, p_hint text default null, p_details jsonb default null
) returns jsonb
language plpgsql set search_path = ''
as $$
begin
  perform set_config('response.status', p_status::text, true);
  return jsonb_build_object('ok', false, 'success', false, 'code', p_code, 'message', p_message,
    'hint', p_hint, 'details', p_details);
end
$$;
comment on function private.refuse(integer, text, text, text, jsonb) is
  'An expected "no": HTTP status for PostgREST, and a body with code, sentence and what to do. The transaction commits.';

create function private.require_repeatable_read() returns void
language plpgsql stable set search_path = ''
as $$
begin
  if current_setting('transaction_isolation') not in ('repeatable read', 'serializable') then
    raise exception using errcode = 'PT500',
      message = 'Nothing was changed: the call runs at ' || current_setting('transaction_isolation') || ', not at repeatable read.',
      hint = 'Call it over HTTP, where the function''s own setting applies, or begin isolation level repeatable read first.';
  end if;
end
$$;
comment on function private.require_repeatable_read() is 'Raises PT500 when the transaction runs below repeatable read.';

create function private.move_machine(
  p_machine_id uuid, p_status text, p_process_id uuid,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines set status = p_status, current_process_id = p_process_id where id = p_machine_id;
  insert into public.machine_state as s
    (machine_id, current_state, process_id, is_failure_mode, failure_description)
  values (p_machine_id, p_status, p_process_id, p_is_failure_mode, p_failure_description)
  on conflict (machine_id) do update set
    current_state = excluded.current_state, process_id = excluded.process_id,
    is_failure_mode = excluded.is_failure_mode, failure_description = excluded.failure_description
  where (s.current_state, s.process_id, s.is_failure_mode, s.failure_description) is distinct from
    (excluded.current_state, excluded.process_id, excluded.is_failure_mode, excluded.failure_description);
end
$$;
comment on function private.move_machine(uuid, text, uuid, boolean, text) is
  'Moves both tables; the caller holds the lock on the machine. The only place that decides the pair.';

create function private.machines_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.machine_state as s (machine_id, current_state, process_id, is_failure_mode)
  values (new.id, new.status, new.current_process_id, new.status = 'error')
  on conflict (machine_id) do update set
    current_state = excluded.current_state, process_id = excluded.process_id,
    is_failure_mode = excluded.is_failure_mode,
    failure_description = case when excluded.is_failure_mode then s.failure_description end
  where s.current_state is distinct from excluded.current_state or s.process_id is distinct from excluded.process_id;
  return new;
end
$$;
comment on function private.machines_carry() is 'Carries a write of machines to machine_state, and makes the missing row.';
create trigger t50_carry_insert after insert on public.machines
  for each row execute function private.machines_carry();
create trigger t51_carry_update after update on public.machines for each row
  when (old.status is distinct from new.status or old.current_process_id is distinct from new.current_process_id)
  execute function private.machines_carry();

create function private.machine_state_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines m set status = new.current_state, current_process_id = new.process_id
  where m.id = new.machine_id
    and (m.status is distinct from new.current_state or m.current_process_id is distinct from new.process_id);
  return new;
end
$$;
comment on function private.machine_state_carry() is 'Carries a write of machine_state to machines.';
create trigger t50_carry after insert or update on public.machine_state
  for each row execute function private.machine_state_carry();

-- Repair of what earlier controllers left: other spellings are mapped by the triggers, missing rows are made.
update public.machines set status = status;
insert into public.machine_state (machine_id, current_state, process_id, is_failure_mode)
select m.id, m.status, m.current_process_id, m.status = 'error' from public.machines m
where not exists (select 1 from public.machine_state s where s.machine_id = m.id);

create function public.atomic_update_machine_state(
  p_machine_id uuid, p_machine_status text, p_current_process_id uuid default null,
  p_machine_state_current_state text default null, p_machine_state_process_id uuid default null,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
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
  perform 1 from public.machines m where m.id = p_machine_id for no key update;
  if not found then
    return private.refuse(404, 'machine_not_found', 'The machine was not moved: there is no such machine.', 'Check the machine id.');
  end if;
  perform private.move_machine(p_machine_id, v_status, v_process, p_is_failure_mode, p_failure_description);
  return (
    select jsonb_build_object('ok', true, 'success', true, 'machine', to_jsonb(m), 'machine_state', to_jsonb(s), 'updated_at', m.updated_at)
    from public.machines m join public.machine_state s on s.machine_id = m.id where m.id = p_machine_id);
end
$$;
comment on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text) is
  'Moves machines and machine_state together. Caller: controller. 404 machine_not_found, 422 states_disagree, state_unknown.';

create function public.atomic_complete_machine_state(p_machine_id uuid) returns jsonb
language sql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$ select public.atomic_update_machine_state(p_machine_id, 'idle') $$;
comment on function public.atomic_complete_machine_state(uuid) is 'Both tables to idle, no run. Caller: controller. 404 machine_not_found.';

create function public.atomic_error_machine_state(p_machine_id uuid, p_error_message text) returns jsonb
language sql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$
  select public.atomic_update_machine_state(p_machine_id, 'error', p_is_failure_mode => true,
    p_failure_description => 'Recipe execution error: ' || coalesce(p_error_message, 'no message'))
$$;
comment on function public.atomic_error_machine_state(uuid, text) is 'Both tables to error with the reason. Caller: controller. 404 machine_not_found.';

create function public.atomic_processing_machine_state(p_machine_id uuid, p_process_id uuid) returns jsonb
language sql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$ select public.atomic_update_machine_state(p_machine_id, 'processing', p_process_id) $$;
comment on function public.atomic_processing_machine_state(uuid, uuid) is 'Both tables to processing with the run. Caller: controller. 404 machine_not_found.';

revoke execute on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text),
  public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid) from public, anon, authenticated;
grant execute on function public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text),
  public.atomic_complete_machine_state(uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_processing_machine_state(uuid, uuid) to service_role;
revoke execute on all functions in schema private from public;

/* rollback
drop function if exists public.atomic_processing_machine_state(uuid, uuid), public.atomic_error_machine_state(uuid, text),
  public.atomic_complete_machine_state(uuid),
  public.atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text);
drop trigger if exists t50_carry_insert on public.machines;
drop trigger if exists t51_carry_update on public.machines;
drop trigger if exists t50_carry on public.machine_state;
drop function if exists private.machines_carry(), private.machine_state_carry(),
  private.move_machine(uuid, text, uuid, boolean, text), private.require_repeatable_read(),
  private.refuse(integer, text, text, text, jsonb);
rollback */
