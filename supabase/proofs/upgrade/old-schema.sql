-- The tables of the existing control system as they stand in its database, with the step history as first written. Read
-- by upgrade.stack.test.ts alone; names, types and nullability are theirs.

create type process_status as enum ('preparing', 'running', 'paused', 'completed', 'failed', 'aborted');
create type modbus_type as enum ('holding_register', 'input_register', 'coil', 'discrete_input');
create type data_type as enum ('float', 'int32', 'int16', 'binary');

create table profiles (
  id uuid primary key, username text, email text, role text not null default 'operator', status text default 'active',
  created_at timestamptz default now(), updated_at timestamptz default now(), role_id text, legacy_role text,
  migrated_at timestamptz, full_name text, phone text, avatar_url text);
create table machines (
  id uuid primary key default gen_random_uuid(), serial_number text not null unique, location text not null, lab_name text not null,
  lab_institution text not null, model text not null, machine_type text not null, install_date timestamptz not null,
  status text not null default 'offline', current_operator_id uuid, last_maintenance_date timestamptz not null,
  admin_id uuid not null, is_active boolean not null default true, current_process_id uuid,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  is_virtual boolean default false, virtual_config jsonb);
create table component_definitions (
  id uuid primary key default gen_random_uuid(), name text not null, type text not null, default_parameters jsonb, vendor text,
  part_number text, datasheet_url text, created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table component_parameter_definitions (
  id uuid primary key default gen_random_uuid(), component_definition_id uuid not null references component_definitions (id),
  name text not null, description text, unit text, default_min float8, default_max float8, is_writable boolean not null default true,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table machine_components (
  id uuid primary key default gen_random_uuid(), machine_id uuid not null references machines (id), name text not null,
  type text not null, is_activated boolean not null default true, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), is_persistent boolean not null default false,
  definition_id uuid not null references component_definitions (id));
create table component_parameters (
  id uuid primary key default gen_random_uuid(), component_id uuid not null references machine_components (id),
  min_value float8 not null, max_value float8 not null, current_value float8 not null, set_value float8,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  show_in_graph boolean not null default false, is_writable boolean not null default false, modbus_address integer,
  modbus_type modbus_type, data_type data_type, show_in_ui boolean not null default true,
  definition_id uuid references component_parameter_definitions (id), read_modbus_address integer, read_modbus_type modbus_type,
  write_modbus_address integer, write_modbus_type modbus_type);
create table machine_state (
  machine_id uuid primary key references machines (id), current_state varchar(50) not null default 'idle',
  state_since timestamptz not null default now(), process_id uuid, is_failure_mode boolean not null default false,
  failure_component uuid references machine_components (id), failure_description text, updated_at timestamptz not null default now());
create table recipes (
  id uuid primary key default gen_random_uuid(), name text not null, description text, version integer not null default 1,
  is_public boolean not null default false, created_by uuid not null, machine_type text not null, substrate text,
  chamber_temperature_set_point float8 not null, pressure_set_point float8 not null,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table recipe_steps (
  id uuid primary key default gen_random_uuid(), recipe_id uuid not null references recipes (id) on delete cascade,
  sequence_number integer not null, name text not null, description text, type text not null,
  parent_step_id uuid references recipe_steps (id), created_at timestamptz not null default now(), unique (recipe_id, sequence_number));
create table valve_step_config (
  id uuid primary key default gen_random_uuid(), step_id uuid not null unique references recipe_steps (id) on delete cascade,
  valve_id text not null, valve_number integer not null check (valve_number > 0), duration_ms integer not null check (duration_ms > 0),
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table purge_step_config (
  id uuid primary key default gen_random_uuid(), step_id uuid not null unique references recipe_steps (id) on delete cascade,
  duration_ms integer not null check (duration_ms > 0), gas_type text not null default 'N2',
  flow_rate numeric not null default 100.0 check (flow_rate > 0),
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table loop_step_config (
  id uuid primary key default gen_random_uuid(), step_id uuid not null unique references recipe_steps (id) on delete cascade,
  iteration_count integer not null check (iteration_count > 0),
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table parameter_step_config (
  id uuid primary key default gen_random_uuid(), step_id uuid not null references recipe_steps (id) on delete cascade,
  parameter_id uuid not null references component_parameters (id), target_value numeric not null, adjustment_rate numeric default 1.0,
  hold_duration_ms integer default 1000, created_at timestamptz default now(), updated_at timestamptz default now());
create table recipe_parameters (
  id uuid primary key default gen_random_uuid(), recipe_id uuid not null references recipes (id) on delete cascade,
  parameter_name text not null, parameter_value numeric not null, parameter_unit text, parameter_type text, min_value numeric,
  max_value numeric, is_critical boolean default false, tolerance_percentage numeric,
  created_at timestamptz default now(), updated_at timestamptz default now());
create table operator_sessions (
  id uuid primary key default gen_random_uuid(), reservation_id uuid, operator_id uuid not null,
  machine_id uuid not null references machines (id), process_execution_id uuid, session_start_time timestamptz not null default now(),
  session_end_time timestamptz, session_status text not null default 'active', last_heartbeat timestamptz,
  grace_period_used_minutes integer default 0, is_extended boolean default false, extension_granted_until timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create table process_executions (
  id uuid primary key default gen_random_uuid(), session_id uuid not null references operator_sessions (id),
  machine_id uuid not null references machines (id), recipe_id uuid not null references recipes (id), recipe_version jsonb not null,
  start_time timestamptz not null, end_time timestamptz, operator_id uuid not null, status process_status not null,
  parameters jsonb not null, error_message text, created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(), description text);
alter table machines add constraint machines_current_process_id_fkey foreign key (current_process_id) references process_executions (id);
alter table operator_sessions add constraint operator_sessions_process_execution_id_fkey
  foreign key (process_execution_id) references process_executions (id);
create table process_execution_state (
  id uuid primary key default gen_random_uuid(), execution_id uuid not null unique references process_executions (id),
  current_step_index integer default 0, current_overall_step integer default 0, total_overall_steps integer, current_step jsonb,
  current_step_type text, current_step_name text, current_valve_number integer, current_valve_duration_ms integer,
  current_purge_duration_ms integer, current_parameter_id uuid references component_parameters (id), current_parameter_value numeric,
  current_loop_count integer, current_loop_iteration integer, progress jsonb default '{"total_steps": 0, "completed_steps": 0}',
  process_metrics jsonb, last_updated timestamptz default now(), created_at timestamptz default now());
create table process_data_points (
  id uuid primary key default gen_random_uuid(), process_id uuid not null references process_executions (id),
  parameter_id uuid not null references component_parameters (id), value float8 not null, set_point float8,
  "timestamp" timestamptz not null, created_at timestamptz not null default now());
create table user_machine_assignments (
  id uuid primary key default gen_random_uuid(), user_id uuid not null, machine_id uuid not null references machines (id),
  role varchar(50) default 'operator', assigned_at timestamptz default now(), assigned_by uuid, is_active boolean default true,
  permissions jsonb, created_at timestamptz default now(), updated_at timestamptz default now());
create table recipe_commands (
  id uuid primary key default gen_random_uuid(), type varchar(50) not null, parameters jsonb, status varchar(20) not null default 'pending',
  created_at timestamptz default now(), updated_at timestamptz default now(), executed_at timestamptz, error_message text,
  machine_id uuid references machines (id), recipe_step_id uuid references recipe_steps (id));
create view component_parameters_full as
select p.*, d.name as parameter_name, d.unit, c.name as component_name, c.machine_id, m.serial_number as machine_serial
from component_parameters p left join component_parameter_definitions d on d.id = p.definition_id
join machine_components c on c.id = p.component_id join machines m on m.id = c.machine_id;

-- Their row security opened everything to everybody; realtime carried the tables a screen needs.
alter table machines enable row level security;
create policy "Enable all for everyone" on machines for all using (true) with check (true);
alter publication supabase_realtime add table machines, machine_state, process_executions, process_execution_state;

-- The convenience functions that did get created when their migration was run statement by statement.
create function atomic_complete_machine_state(p_machine_id uuid) returns json language plpgsql security definer as $$
begin return public.atomic_update_machine_state(p_machine_id, 'idle', null, 'idle', null, false, null); end $$;
create function atomic_error_machine_state(p_machine_id uuid, p_error_message text) returns json language plpgsql security definer as $$
begin return public.atomic_update_machine_state(p_machine_id, 'error', null, 'error', null, true, p_error_message); end $$;

-- Step history as first written.
create table if not exists public.step_execution_history (
  id uuid primary key default gen_random_uuid(), process_id uuid not null references public.process_executions (id),
  step_number integer not null, step_type text not null, step_name text, started_at timestamptz default now(), ended_at timestamptz,
  parameters jsonb default '{}'::jsonb, created_at timestamptz default now());
create index if not exists idx_step_history_process on public.step_execution_history (process_id, started_at);
create index if not exists idx_step_history_open on public.step_execution_history (process_id) where ended_at is null;
create function public.fn_record_step_history() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update public.step_execution_history set ended_at = now() where process_id = new.execution_id and ended_at is null;
  insert into public.step_execution_history (process_id, step_number, step_type, step_name, started_at, parameters)
  values (new.execution_id, coalesce(new.current_overall_step, new.current_step_index), new.current_step_type, new.current_step_name, now(),
    jsonb_strip_nulls(jsonb_build_object('valve_number', new.current_valve_number, 'valve_duration_ms', new.current_valve_duration_ms,
      'loop_count', new.current_loop_count, 'loop_iteration', new.current_loop_iteration)));
  return new;
end $$;
create trigger trg_process_state_history after update on public.process_execution_state for each row
  when (new.current_step_index is distinct from old.current_step_index or new.current_step_type is distinct from old.current_step_type
    or new.current_step_name is distinct from old.current_step_name)
  execute function public.fn_record_step_history();
create function public.fn_close_open_step_history_on_process_end() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update public.step_execution_history set ended_at = now() where process_id = new.id and ended_at is null;
  return new;
end $$;
create trigger trg_process_end_close_history after update on public.process_executions for each row
  when (new.status in ('completed', 'failed', 'aborted') and new.status is distinct from old.status)
  execute function public.fn_close_open_step_history_on_process_end();
