-- The same moves at less than half the cost. What runs with every move of a machine keeps its plan (plpgsql instead of
-- sql), a state row that is there is updated rather than inserted and found to be there, and one write of machines carries
-- the other table along: no lock is taken by itself, nothing is written twice, and what agrees is only looked at.
-- Written by: nobody new.

create or replace function private.machine_status_of(p_word text) returns text
language plpgsql immutable set search_path = ''
as $$
declare
  v_word text := lower(btrim(p_word));
begin
  return case v_word when 'running' then 'processing' when 'inactive' then 'offline' else v_word end;
end
$$;
comment on function private.machine_status_of(text) is
  'Canonical machine status for any accepted spelling: any letter case, running → processing, inactive → offline.';

create or replace function private.audit(
  p_action text, p_machine_id uuid, p_run_id uuid default null, p_command_id uuid default null,
  p_before jsonb default null, p_after jsonb default null, p_reason text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_actor uuid := auth.uid();
begin
  insert into public.audit_log (actor_id, actor_role, action, machine_id, run_id, command_id, before, after, reason)
  values (v_actor, coalesce(case when v_actor is not null then private.person_role() end, auth.role(), session_user),
    p_action, p_machine_id, p_run_id, p_command_id, p_before, p_after, p_reason);
end
$$;
comment on function private.audit(text, uuid, uuid, uuid, jsonb, jsonb, text) is 'Writes one audit row for the current caller.';

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

create or replace function public.atomic_update_machine_state(
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
comment on function private.machines_carry() is 'Carries a write of machines to machine_state, and makes the missing row.';

create or replace function private.machine_state_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if exists (
    select 1 from public.machines m
    where m.id = new.machine_id and (m.status, m.current_process_id) is distinct from (new.current_state, new.process_id)
  ) then
    update public.machines m set status = new.current_state, current_process_id = new.process_id where m.id = new.machine_id;
  end if;
  return new;
end
$$;
comment on function private.machine_state_carry() is 'Carries a write of machine_state to machines.';
revoke execute on all functions in schema private from public;

/* rollback
create or replace function private.machine_status_of(p_word text) returns text
language sql immutable set search_path = ''
as $$
  select case lower(btrim(p_word))
    when 'running' then 'processing'
    when 'inactive' then 'offline'
    else lower(btrim(p_word))
  end
$$;
create or replace function private.audit(
  p_action text, p_machine_id uuid, p_run_id uuid default null, p_command_id uuid default null,
  p_before jsonb default null, p_after jsonb default null, p_reason text default null
) returns void
language sql security definer set search_path = ''
as $$
  insert into public.audit_log (actor_id, actor_role, action, machine_id, run_id, command_id, before, after, reason)
  values (
    (select auth.uid()),
    coalesce(private.person_role(), (select auth.role()), session_user),
    p_action, p_machine_id, p_run_id, p_command_id, p_before, p_after, p_reason)
$$;
drop function private.move_machine(uuid, text, uuid, boolean, text);
create function private.move_machine(
  p_machine_id uuid, p_status text, p_process_id uuid,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines m set status = p_status, current_process_id = p_process_id
  where m.id = p_machine_id and (m.status, m.current_process_id) is distinct from (p_status, p_process_id);
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
  'Moves both tables; the caller holds the lock on the machine. What is there already is not written again.';
revoke execute on function private.move_machine(uuid, text, uuid, boolean, text) from public;
create or replace function private.machine_state_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines m set status = new.current_state, current_process_id = new.process_id
  where m.id = new.machine_id
    and (m.status is distinct from new.current_state or m.current_process_id is distinct from new.process_id);
  return new;
end
$$;
create or replace function public.atomic_update_machine_state(
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
create or replace function private.machines_carry() returns trigger
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
rollback */
