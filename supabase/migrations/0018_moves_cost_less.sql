-- The same moves at less than half the cost. What runs with every move of a machine keeps its plan (plpgsql instead of
-- sql), and a state row that is there is updated rather than inserted and found to be there.
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

create or replace function private.move_machine(
  p_machine_id uuid, p_status text, p_process_id uuid,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machine_state s set
    current_state = p_status, process_id = p_process_id,
    is_failure_mode = p_is_failure_mode, failure_description = p_failure_description
  where s.machine_id = p_machine_id and (s.current_state, s.process_id, s.is_failure_mode, s.failure_description)
    is distinct from (p_status, p_process_id, p_is_failure_mode, p_failure_description);
  if not found and not exists (select 1 from public.machine_state s where s.machine_id = p_machine_id) then
    insert into public.machine_state (machine_id, current_state, process_id, is_failure_mode, failure_description)
    values (p_machine_id, p_status, p_process_id, p_is_failure_mode, p_failure_description);
  end if;
  -- Carried over already, unless the state row was right and the machine was not.
  update public.machines m set status = p_status, current_process_id = p_process_id
  where m.id = p_machine_id and (m.status, m.current_process_id) is distinct from (p_status, p_process_id);
end
$$;
comment on function private.move_machine(uuid, text, uuid, boolean, text) is
  'Moves both tables; the caller holds the lock on the machine. What is there already is not written again.';

create or replace function private.machines_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machine_state s set
    current_state = new.status, process_id = new.current_process_id, is_failure_mode = new.status = 'error',
    failure_description = case when new.status = 'error' then s.failure_description end
  where s.machine_id = new.id and (s.current_state, s.process_id) is distinct from (new.status, new.current_process_id);
  if not found and not exists (select 1 from public.machine_state s where s.machine_id = new.id) then
    insert into public.machine_state (machine_id, current_state, process_id, is_failure_mode)
    values (new.id, new.status, new.current_process_id, new.status = 'error');
  end if;
  return new;
end
$$;
comment on function private.machines_carry() is 'Carries a write of machines to machine_state, and makes the missing row.';
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
create or replace function private.move_machine(
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
