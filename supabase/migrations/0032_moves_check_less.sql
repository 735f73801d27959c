-- A move costs less again. What follows a write of machines, its audit row and the other table, is one trigger; a move between
-- states without a run cannot part machine and run, so nothing is looked up for it at commit; the words a status may be are
-- one constant; a controller is known by its role; and the audit log keeps only the orders that are read: by machine, by run
-- where there is one, and as written. Written by: nobody new.

create or replace function private.machines_carry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    -- Nothing moved: neither is there anything to tell.
    if old.status = new.status and old.current_process_id is not distinct from new.current_process_id then
      return null;
    end if;
    perform private.audit('machine_status', new.id, coalesce(new.current_process_id, old.current_process_id), null,
      jsonb_build_object('status', old.status, 'run_id', old.current_process_id, 'version', old.version),
      jsonb_build_object('status', new.status, 'run_id', new.current_process_id, 'version', new.version));
  end if;
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
comment on function private.machines_carry() is
  'Audits a move, whoever writes it, carries a write of machines to machine_state, and makes the missing row.';
drop trigger t90_audit on public.machines;
drop function private.machines_audit();
create or replace trigger t51_carry_update after update of status, current_process_id on public.machines
  for each row execute function private.machines_carry();

drop trigger t70_agree on public.machines;
create constraint trigger t70_agree_insert after insert on public.machines
  deferrable initially deferred for each row
  when (new.current_process_id is not null or new.status in ('processing', 'stopping', 'unknown'))
  execute function private.machine_agrees();
-- Without a run before, without one after: then a run that is active named this machine in another write, which is checked itself.
create constraint trigger t71_agree_update after update of status, current_process_id on public.machines
  deferrable initially deferred for each row
  when (old.current_process_id is not null or new.current_process_id is not null
    or new.status in ('processing', 'stopping', 'unknown'))
  execute function private.machine_agrees();

-- Compared with one constant; a list of them is read anew for every write.
alter table public.machines drop constraint machines_status_is_known, add constraint machines_status_is_known
  check (status = any ('{offline,idle,processing,stopping,error,unknown,maintenance}'::text[]));
alter table public.machine_state drop constraint machine_state_current_state_is_known, add constraint machine_state_current_state_is_known
  check (current_state = any ('{offline,idle,processing,stopping,error,unknown,maintenance}'::text[]));

create or replace function private.audit(
  p_action text, p_machine_id uuid, p_run_id uuid default null, p_command_id uuid default null,
  p_before jsonb default null, p_after jsonb default null, p_reason text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_actor uuid;
  v_role text := current_setting('role', true);
begin
  -- The secret key is nobody: only a person's claims are read.
  if v_role is distinct from 'service_role' then
    v_actor := auth.uid();
    v_role := coalesce(case when v_actor is not null then private.person_role() end, auth.role(), session_user);
  end if;
  insert into public.audit_log (actor_id, actor_role, action, machine_id, run_id, command_id, before, after, reason)
  values (v_actor, v_role, p_action, p_machine_id, p_run_id, p_command_id, p_before, p_after, p_reason);
end
$$;

-- Rows are numbered as they are written: what is read by time is read by number.
drop index public.audit_log_by_time;
drop index public.audit_log_by_run;
create index audit_log_by_run on public.audit_log (run_id, at desc) where run_id is not null;

/* rollback
drop index public.audit_log_by_run;
create index audit_log_by_run on public.audit_log (run_id, at desc);
create index audit_log_by_time on public.audit_log (at desc);
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
alter table public.machine_state drop constraint machine_state_current_state_is_known, add constraint machine_state_current_state_is_known
  check (current_state in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance'));
alter table public.machines drop constraint machines_status_is_known, add constraint machines_status_is_known
  check (status in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance'));
drop trigger t71_agree_update on public.machines;
drop trigger t70_agree_insert on public.machines;
create constraint trigger t70_agree after insert or update of status, current_process_id on public.machines
  deferrable initially deferred for each row execute function private.machine_agrees();
create function private.machines_audit() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.audit('machine_status', new.id, coalesce(new.current_process_id, old.current_process_id), null,
    jsonb_build_object('status', old.status, 'run_id', old.current_process_id, 'version', old.version),
    jsonb_build_object('status', new.status, 'run_id', new.current_process_id, 'version', new.version));
  return new;
end
$$;
comment on function private.machines_audit() is 'Audits every change of a machine''s status or run, whoever writes it.';
revoke execute on function private.machines_audit() from public;
create trigger t90_audit after update on public.machines for each row
  when (old.status is distinct from new.status or old.current_process_id is distinct from new.current_process_id)
  execute function private.machines_audit();
create or replace trigger t51_carry_update after update on public.machines for each row
  when (old.status is distinct from new.status or old.current_process_id is distinct from new.current_process_id)
  execute function private.machines_carry();
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
comment on function private.machines_carry() is 'Carries a write of machines to machine_state, and makes the missing row.';
rollback */
