-- Runs. Tables keep the name process_executions of the existing control system; screens say Run.
-- Written by: start_process, record_step, record_samples, end_process (later migrations), and by an older
-- controller that updates process_execution_state itself. Read by: every person.

create type public.process_status as enum ('preparing', 'running', 'paused', 'completed', 'failed', 'aborted');

create table public.operator_sessions (
  id uuid primary key default gen_random_uuid(),
  operator_id uuid not null references public.profiles (id) on delete restrict,
  machine_id uuid not null references public.machines (id) on delete cascade,
  process_execution_id uuid,
  session_start_time timestamptz not null default now(),
  session_end_time timestamptz,
  session_status text not null default 'active' check (session_status in ('active', 'ended')),
  last_heartbeat timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.operator_sessions is 'Who operated a machine from when to when.';
create index operator_sessions_by_machine on public.operator_sessions (machine_id, session_status);
create index operator_sessions_by_operator on public.operator_sessions (operator_id);

create table public.process_executions (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.operator_sessions (id) on delete restrict,
  machine_id uuid not null references public.machines (id) on delete restrict,
  recipe_id uuid not null references public.recipes (id) on delete restrict,
  recipe_version jsonb not null,
  start_time timestamptz not null default now(),
  end_time timestamptz,
  operator_id uuid not null references public.profiles (id) on delete restrict,
  status public.process_status not null default 'preparing',
  parameters jsonb not null default '{}'::jsonb,
  error_message text,
  description text,
  end_reason text,
  total_steps integer,
  total_cycles integer,
  planned_ms bigint,
  last_seq integer not null default 0,
  deviation_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint process_executions_end_after_start check (end_time >= start_time)
);
comment on table public.process_executions is 'One run: a frozen program played on a machine.';
comment on column public.process_executions.recipe_version is 'The whole frozen program; later edits of the recipe never change it.';
comment on column public.process_executions.last_seq is 'Number of the newest step execution; numbers have no gaps.';
create unique index process_executions_one_active_per_machine on public.process_executions (machine_id)
  where status in ('preparing', 'running', 'paused');
create index process_executions_by_machine on public.process_executions (machine_id, start_time desc);
create index process_executions_by_start on public.process_executions (start_time desc);
create index process_executions_by_recipe on public.process_executions (recipe_id, start_time desc);
create index process_executions_by_operator on public.process_executions (operator_id);
create index process_executions_by_session on public.process_executions (session_id);
create index operator_sessions_by_process on public.operator_sessions (process_execution_id);

alter table public.operator_sessions add constraint operator_sessions_process_execution_id_fkey
  foreign key (process_execution_id) references public.process_executions (id) on delete set null;
alter table public.machines add constraint machines_current_process_id_fkey
  foreign key (current_process_id) references public.process_executions (id) on delete set null deferrable;
alter table public.machine_state add constraint machine_state_process_id_fkey
  foreign key (process_id) references public.process_executions (id) on delete set null deferrable;
create index machines_by_current_process on public.machines (current_process_id);
create index machine_state_by_process on public.machine_state (process_id);

create table public.process_execution_state (
  id uuid primary key default gen_random_uuid(),
  execution_id uuid not null unique references public.process_executions (id) on delete cascade,
  current_step_index integer default 0,
  current_overall_step integer default 0,
  total_overall_steps integer,
  current_step jsonb,
  current_step_type text,
  current_step_name text,
  current_valve_number integer,
  current_valve_duration_ms integer,
  current_purge_duration_ms integer,
  current_parameter_id uuid references public.component_parameters (id) on delete set null,
  current_parameter_value numeric,
  current_loop_count integer,
  current_loop_iteration integer,
  current_seq integer not null default 0,
  progress jsonb not null default '{"total_steps": 0, "completed_steps": 0}'::jsonb,
  process_metrics jsonb,
  revision bigint not null default 1,
  last_updated timestamptz default now(),
  created_at timestamptz default now()
);
comment on table public.process_execution_state is 'Where a run is now; one row per run.';
comment on column public.process_execution_state.revision is 'Raised by one on every change; screens keep the newest.';
comment on column public.process_execution_state.current_seq is
  'Step execution this row speaks of, set by record_step; a writer that leaves it alone has its history recorded by trigger.';
comment on column public.process_execution_state.process_metrics is
  'Latest telemetry: {at: time by the controller''s clock, values: {parameter name: value}}.';
create index process_execution_state_by_parameter on public.process_execution_state (current_parameter_id);

create function private.process_execution_state_revise() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.revision := old.revision + 1;
  new.last_updated := clock_timestamp();
  return new;
end
$$;
comment on function private.process_execution_state_revise() is 'Numbers every change of the state row.';
create trigger t10_revise before update on public.process_execution_state
  for each row execute function private.process_execution_state_revise();

create table public.process_data_points (
  id bigint generated always as identity primary key,
  process_id uuid not null references public.process_executions (id) on delete cascade,
  parameter_id uuid not null references public.component_parameters (id) on delete cascade,
  value double precision not null,
  set_point double precision,
  "timestamp" timestamptz not null,
  created_at timestamptz not null default now()
);
comment on table public.process_data_points is 'Telemetry of a run; timestamp is the controller''s clock.';
-- A reading is sent again when its answer was lost; it counts once.
create unique index process_data_points_by_series on public.process_data_points (process_id, parameter_id, "timestamp");
create index process_data_points_by_parameter on public.process_data_points (parameter_id);

do $$
declare
  t text;
begin
  foreach t in array array['operator_sessions', 'process_executions', 'process_execution_state', 'process_data_points'] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('revoke all on public.%I from anon, authenticated', t);
    execute format('grant select on public.%I to authenticated', t);
    execute format('grant all on public.%I to service_role', t);
    execute format('create policy %I on public.%I for select to authenticated using ((select private.is_person()))',
      t || '_read_by_people', t);
  end loop;
end
$$;
revoke all on sequence public.process_data_points_id_seq from anon, authenticated;
revoke execute on all functions in schema private from public;

/* rollback
alter table public.machines drop constraint if exists machines_current_process_id_fkey;
alter table public.machine_state drop constraint if exists machine_state_process_id_fkey;
drop index if exists public.machines_by_current_process, public.machine_state_by_process;
-- The history that 0006 keeps when it is rolled back tells of runs, and goes with them.
drop table if exists public.step_execution_history;
drop table if exists public.process_data_points, public.process_execution_state, public.operator_sessions,
  public.process_executions cascade;
drop function if exists private.process_execution_state_revise();
drop type if exists public.process_status;
rollback */
