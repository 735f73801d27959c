-- The command ledger, the leases of controllers, and notes on runs.
-- Written by: the command functions (0011) for people, the controller functions (0012). Read by: every person.

create table public.machine_commands (
  id uuid primary key,
  machine_id uuid not null references public.machines (id) on delete cascade,
  run_id uuid references public.process_executions (id) on delete set null,
  recipe_id uuid references public.recipes (id) on delete set null,
  kind text not null,
  mode text,
  status text not null default 'requested',
  expected_version bigint,
  reason text,
  payload jsonb not null default '{}'::jsonb,
  requested_by uuid references public.profiles (id) on delete set null,
  requested_at timestamptz not null default clock_timestamp(),
  accepted_at timestamptz,
  executing_at timestamptz,
  settled_at timestamptz,
  refusal_code text,
  refusal text,
  refusal_hint text,
  refusal_status integer,
  constraint machine_commands_kind_is_known check (kind in ('start', 'stop', 'clear', 'reconcile')),
  constraint machine_commands_mode_is_known check (mode in ('now', 'end_of_cycle')),
  constraint machine_commands_status_is_known check (status in (
    'requested', 'accepted', 'executing', 'succeeded', 'failed', 'rejected', 'expired', 'superseded')),
  constraint machine_commands_settled_has_time check (
    (settled_at is not null) = (status in ('succeeded', 'failed', 'rejected', 'expired', 'superseded'))),
  constraint machine_commands_rejected_has_reason check (status <> 'rejected' or refusal_code is not null)
);
comment on table public.machine_commands is 'What people asked for, and what became of it; id is the idempotency key made by the browser.';
create index machine_commands_by_machine on public.machine_commands (machine_id, requested_at desc);
create index machine_commands_unsettled on public.machine_commands (machine_id, requested_at) where settled_at is null;
create index machine_commands_by_run on public.machine_commands (run_id);
create index machine_commands_by_recipe on public.machine_commands (recipe_id);
create index machine_commands_by_person on public.machine_commands (requested_by, machine_id, requested_at);
create unique index machine_commands_one_unsettled_start on public.machine_commands (machine_id)
  where kind = 'start' and settled_at is null and run_id is not null;

create table public.machine_leases (
  machine_id uuid primary key references public.machines (id) on delete cascade,
  controller text not null,
  driver text not null,
  is_simulated boolean not null default false,
  fence_token bigint not null,
  acquired_at timestamptz not null,
  renewed_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table public.machine_leases is
  'Which controller holds a machine, by database time; fence_token rises with every claim and every write names it.';

create table public.run_notes (
  id uuid primary key default gen_random_uuid(),
  process_id uuid not null references public.process_executions (id) on delete cascade,
  seq integer,
  at timestamptz,
  body text not null check (length(btrim(body)) between 1 and 4000),
  author_id uuid not null default auth.uid() references public.profiles (id) on delete restrict,
  created_at timestamptz not null default now()
);
comment on table public.run_notes is 'What a person wrote about a run, a step (seq) or a moment (at, controller''s clock).';
create index run_notes_by_run on public.run_notes (process_id, created_at);
create index run_notes_by_author on public.run_notes (author_id);

do $$
declare
  t text;
begin
  foreach t in array array['machine_commands', 'machine_leases', 'run_notes'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('revoke all on public.%I from anon, authenticated, service_role', t);
    execute format('grant select on public.%I to authenticated, service_role', t);
    execute format('create policy %I on public.%I for select to authenticated using ((select private.is_person()))',
      t || '_read_by_people', t);
  end loop;
end
$$;
grant insert (process_id, seq, at, body) on public.run_notes to authenticated;
create policy run_notes_insert_by_engineers on public.run_notes for insert to authenticated
  with check ((select private.is_engineer()) and author_id = (select auth.uid()));

create function private.settle_command(p_command_id uuid, p_status text, p_reason text default null) returns void
language sql security definer set search_path = ''
as $$
  update public.machine_commands
  set status = p_status, settled_at = clock_timestamp(), refusal = coalesce(p_reason, refusal)
  where id = p_command_id and settled_at is null
$$;
comment on function private.settle_command(uuid, text, text) is 'Ends a command once; a settled one stays as it is.';

create function private.end_run(
  p_run_id uuid, p_status public.process_status, p_end_reason text, p_error_message text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  update public.process_executions
  set status = p_status, end_time = greatest(private.step_started(id), start_time), end_reason = p_end_reason,
    error_message = p_error_message, updated_at = clock_timestamp()
  where id = p_run_id and status in ('preparing', 'running', 'paused');
  update public.operator_sessions set session_status = 'ended', session_end_time = clock_timestamp(), updated_at = clock_timestamp()
  where process_execution_id = p_run_id and session_status = 'active';
end
$$;
comment on function private.end_run(uuid, public.process_status, text, text) is
  'Ends an active run and its session at database time; the history trigger closes the open step at the same moment.';

create function private.expire_commands(p_machine_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_command public.machine_commands;
begin
  for v_command in
    select * from public.machine_commands
    where machine_id = p_machine_id and status = 'requested' and settled_at is null
      and requested_at < clock_timestamp() - interval '30 seconds'
    for no key update skip locked
  loop
    perform private.settle_command(v_command.id, 'expired', 'No controller took the command within 30 s.');
    perform private.audit('command_expired', p_machine_id, v_command.run_id, v_command.id);
    if v_command.kind = 'start' then
      perform 1 from public.machines where id = p_machine_id for no key update;
      perform private.end_run(v_command.run_id, 'failed', 'failed', 'No controller took the start within 30 s.');
      update public.machines m set status = 'idle', current_process_id = null
      where m.id = p_machine_id and m.current_process_id = v_command.run_id;
    end if;
  end loop;
end
$$;
comment on function private.expire_commands(uuid) is
  'Expires commands that no controller took within 30 s; an expired start ends its run as failed and frees the machine.';

create function private.lose_controllers() returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_machine public.machines;
  v_lost uuid;
begin
  for v_lost in
    select l.machine_id from public.machine_leases l
    join public.machines m on m.id = l.machine_id
    where l.expires_at < clock_timestamp() and m.status in ('processing', 'stopping')
    order by l.machine_id for no key update of l skip locked
  loop
    select * into v_machine from public.machines m where m.id = v_lost for no key update;
    continue when v_machine.status not in ('processing', 'stopping');
    update public.machine_leases set fence_token = fence_token + 1 where machine_id = v_lost;
    perform private.move_machine(v_lost, 'unknown', v_machine.current_process_id);
    perform private.audit('controller_lost', v_lost, v_machine.current_process_id);
  end loop;
end
$$;
comment on function private.lose_controllers() is 'Machines whose controller fell silent during a run become unknown, for a person to reconcile; the old fence is void.';
revoke execute on all functions in schema private from public;

/* rollback
drop function if exists private.lose_controllers();
drop function if exists private.expire_commands(uuid);
drop function if exists private.end_run(uuid, public.process_status, text, text);
drop function if exists private.settle_command(uuid, text, text);
drop table if exists public.run_notes, public.machine_leases, public.machine_commands;
rollback */
