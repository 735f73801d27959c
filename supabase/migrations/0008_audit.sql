-- The audit log: who changed what, from what to what, in the same transaction as the change.
-- Written by: triggers on machines and process_executions, and the command functions. Never changed afterwards.

create table public.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  actor_id uuid,
  actor_role text not null,
  action text not null,
  machine_id uuid,
  run_id uuid,
  command_id uuid,
  before jsonb,
  after jsonb,
  reason text
);
comment on table public.audit_log is 'Append-only: one row per change of a machine or run, per command and per refusal.';
create index audit_log_by_machine on public.audit_log (machine_id, at desc);
create index audit_log_by_run on public.audit_log (run_id, at desc);
create index audit_log_by_time on public.audit_log (at desc);

create function private.audit_log_is_append_only() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT403',
    message = 'The audit log was not changed: it is append-only.',
    hint = 'Write a new entry that corrects the old one.';
end
$$;
comment on function private.audit_log_is_append_only() is 'Refuses every update, delete and truncate of the audit log.';
create trigger t10_append_only before update or delete on public.audit_log
  for each row execute function private.audit_log_is_append_only();
create trigger t11_append_only before truncate on public.audit_log
  for each statement execute function private.audit_log_is_append_only();

create function private.audit(
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
comment on function private.audit(text, uuid, uuid, uuid, jsonb, jsonb, text) is 'Writes one audit row for the current caller.';

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
create trigger t90_audit after update on public.machines for each row
  when (old.status is distinct from new.status or old.current_process_id is distinct from new.current_process_id)
  execute function private.machines_audit();

create function private.process_executions_audit() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.audit('run_status', new.machine_id, new.id, null,
    case when tg_op = 'UPDATE' then jsonb_build_object('status', old.status) end,
    jsonb_build_object('status', new.status, 'last_seq', new.last_seq), coalesce(new.error_message, new.end_reason));
  return new;
end
$$;
comment on function private.process_executions_audit() is 'Audits the start of a run and every change of its status.';
create trigger t90_audit_start after insert on public.process_executions
  for each row execute function private.process_executions_audit();
create trigger t91_audit_status after update on public.process_executions for each row
  when (old.status is distinct from new.status) execute function private.process_executions_audit();

alter table public.audit_log enable row level security;
revoke all on public.audit_log from anon, authenticated, service_role;
revoke all on sequence public.audit_log_id_seq from anon, authenticated, service_role;
grant select on public.audit_log to authenticated, service_role;
create policy audit_log_read_by_people on public.audit_log for select to authenticated using ((select private.is_person()));
revoke execute on all functions in schema private from public;

/* rollback
drop trigger if exists t90_audit on public.machines;
drop trigger if exists t90_audit_start on public.process_executions;
drop trigger if exists t91_audit_status on public.process_executions;
drop function if exists private.machines_audit();
drop function if exists private.process_executions_audit();
drop function if exists private.audit(text, uuid, uuid, uuid, jsonb, jsonb, text);
drop table if exists public.audit_log;
drop function if exists private.audit_log_is_append_only();
rollback */
