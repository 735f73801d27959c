-- People and the machines they may command.
-- Written by: administrators (profiles, assignments, machines), the controller (component_parameters, and
-- machines/machine_state through the functions of later migrations). Read by: every person with an active profile.

create schema if not exists private;
comment on schema private is 'Rules and lookups behind the public functions; never exposed over HTTP.';
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  username text unique,
  full_name text,
  email text,
  role text not null default 'viewer',
  status text not null default 'active',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_role_is_known check (role in ('viewer', 'operator', 'engineer', 'admin')),
  constraint profiles_status_is_known check (status in ('active', 'disabled'))
);
comment on table public.profiles is 'A person who may sign in; the role is looked up here, never in token metadata.';

create table public.machines (
  id uuid primary key default gen_random_uuid(),
  serial_number text not null unique,
  name text not null,
  location text not null default '',
  lab_name text not null default '',
  lab_institution text not null default '',
  model text not null default '',
  machine_type text not null default 'thermal-ald',
  timezone text not null default 'UTC',
  install_date timestamptz,
  last_maintenance_date timestamptz,
  status text not null default 'offline',
  current_operator_id uuid references public.profiles (id) on delete set null,
  current_process_id uuid,
  admin_id uuid references public.profiles (id) on delete set null,
  is_active boolean not null default true,
  is_virtual boolean not null default false,
  virtual_config jsonb not null default '{}'::jsonb,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint machines_status_is_known check (
    status in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance')
  )
);
comment on table public.machines is 'One row per ALD machine; status always equals machine_state.current_state.';
comment on column public.machines.version is 'Raised by one on every change; commands name the version they were decided on.';

create table public.machine_state (
  machine_id uuid primary key references public.machines (id) on delete cascade,
  current_state text not null default 'idle',
  state_since timestamptz not null default now(),
  process_id uuid,
  is_failure_mode boolean not null default false,
  failure_component uuid,
  failure_description text,
  updated_at timestamptz not null default now(),
  constraint machine_state_current_state_is_known check (
    current_state in ('offline', 'idle', 'processing', 'stopping', 'error', 'unknown', 'maintenance')
  )
);
comment on table public.machine_state is 'The state of a machine and since when; the second half of the pair machines/machine_state.';

create table public.component_definitions (
  id uuid primary key default gen_random_uuid(),
  name text not null unique,
  type text not null,
  default_parameters jsonb not null default '{}'::jsonb,
  vendor text,
  part_number text,
  datasheet_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.component_definitions is 'Kinds of components: valve, mass flow controller, gauge, heater, pump.';

create table public.component_parameter_definitions (
  id uuid primary key default gen_random_uuid(),
  component_definition_id uuid not null references public.component_definitions (id) on delete cascade,
  name text not null,
  description text,
  unit text,
  default_min double precision,
  default_max double precision,
  is_writable boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint component_parameter_definitions_name_once unique (component_definition_id, name)
);
comment on table public.component_parameter_definitions is 'Parameters a kind of component has; name and unit live here once.';

create table public.machine_components (
  id uuid primary key default gen_random_uuid(),
  machine_id uuid not null references public.machines (id) on delete cascade,
  name text not null,
  type text not null,
  is_activated boolean not null default true,
  is_persistent boolean not null default false,
  definition_id uuid not null references public.component_definitions (id) on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint machine_components_name_once unique (machine_id, name)
);
comment on table public.machine_components is 'Components fitted to one machine.';

alter table public.machine_state
  add constraint machine_state_failure_component_fkey
  foreign key (failure_component) references public.machine_components (id) on delete set null;

create table public.component_parameters (
  id uuid primary key default gen_random_uuid(),
  component_id uuid not null references public.machine_components (id) on delete cascade,
  definition_id uuid not null references public.component_parameter_definitions (id) on delete restrict,
  min_value double precision not null,
  max_value double precision not null,
  current_value double precision not null default 0,
  read_at timestamptz,
  set_value double precision,
  is_writable boolean not null default false,
  show_in_graph boolean not null default false,
  show_in_ui boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint component_parameters_definition_once unique (component_id, definition_id),
  constraint component_parameters_range_is_ordered check (min_value <= max_value)
);
comment on table public.component_parameters is 'A value of one component of one machine: limits, latest reading, set-point.';
comment on column public.component_parameters.read_at is
  'When the controller last reported current_value, by the database''s clock; null when it never has.';

create table public.user_machine_assignments (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  machine_id uuid not null references public.machines (id) on delete cascade,
  role text not null default 'operator',
  is_active boolean not null default true,
  assigned_by uuid references public.profiles (id) on delete set null,
  assigned_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_machine_assignments_person_once unique (user_id, machine_id)
);
comment on table public.user_machine_assignments is 'Which machines a person may command; reading needs no assignment.';

create index machines_by_admin on public.machines (admin_id);
create index machines_by_operator on public.machines (current_operator_id);
create index machine_state_by_failure_component on public.machine_state (failure_component);
create index machine_components_by_definition on public.machine_components (definition_id);
create index component_parameters_by_definition on public.component_parameters (definition_id);
create index user_machine_assignments_by_machine on public.user_machine_assignments (machine_id);
create index user_machine_assignments_by_assigner on public.user_machine_assignments (assigned_by);

create function private.person_role() returns text
language sql stable security definer set search_path = ''
as $$ select p.role from public.profiles p where p.id = (select auth.uid()) and p.status = 'active' $$;
comment on function private.person_role() is 'Role of the signed-in person, null when there is no active profile.';

create function private.is_person() returns boolean
language sql stable security definer set search_path = ''
as $$ select private.person_role() is not null $$;
comment on function private.is_person() is 'True for a signed-in person with an active profile; the reading rule of every table.';

create function private.is_engineer() returns boolean
language sql stable security definer set search_path = ''
as $$ select coalesce(private.person_role() in ('engineer', 'admin'), false) $$;
comment on function private.is_engineer() is 'True for engineers and administrators.';

create function private.may_command(p_machine_id uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select coalesce(
    case private.person_role()
      when 'admin' then true
      when 'viewer' then false
      else exists (
        select 1 from public.user_machine_assignments a
        where a.user_id = (select auth.uid()) and a.machine_id = p_machine_id and a.is_active
      )
    end, false)
$$;
comment on function private.may_command(uuid) is
  'May the signed-in person command this machine: administrators always, operators and engineers when assigned.';

revoke execute on all functions in schema private from public;
grant execute on function private.person_role(), private.is_person(), private.is_engineer(), private.may_command(uuid)
  to authenticated, service_role;

create function private.machine_status_of(p_word text) returns text
language sql immutable set search_path = ''
as $$
  select case lower(btrim(p_word))
    when 'running' then 'processing'
    when 'inactive' then 'offline'
    else lower(btrim(p_word))
  end
$$;
comment on function private.machine_status_of(text) is
  'Canonical machine status for any accepted spelling: any letter case, running → processing, inactive → offline.';

revoke execute on function private.machine_status_of(text) from public;
grant execute on function private.machine_status_of(text) to authenticated, service_role;

create function private.machines_canonical() returns trigger
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
comment on function private.machines_canonical() is 'Maps old spellings of status and raises version on every change.';
create trigger t10_canonical before insert or update on public.machines
  for each row execute function private.machines_canonical();

create function private.machine_state_canonical() returns trigger
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
comment on function private.machine_state_canonical() is 'Maps old spellings of the state and keeps state_since.';
create trigger t10_canonical before insert or update on public.machine_state
  for each row execute function private.machine_state_canonical();

create view public.machine_parameters with (security_invoker = true) as
select
  p.id as parameter_id, c.machine_id, c.name as component_name, c.type as component_type,
  d.name, d.description, d.unit, p.min_value, p.max_value, p.current_value, p.read_at, p.set_value,
  p.is_writable, p.show_in_graph, p.show_in_ui, p.updated_at
from public.component_parameters p
join public.machine_components c on c.id = p.component_id
join public.component_parameter_definitions d on d.id = p.definition_id;
comment on view public.machine_parameters is 'Every parameter with its name, unit and machine.';

do $$
declare
  t text;
begin
  foreach t in array array[
    'profiles', 'machines', 'machine_state', 'component_definitions', 'component_parameter_definitions',
    'machine_components', 'component_parameters', 'user_machine_assignments'
  ] loop
    execute format('alter table public.%I enable row level security', t);
    execute format('revoke all on public.%I from anon, authenticated', t);
    execute format('grant select on public.%I to authenticated', t);
    execute format('grant all on public.%I to service_role', t);
    execute format('create policy %I on public.%I for select to authenticated using ((select private.is_person()))',
      t || '_read_by_people', t);
  end loop;
end
$$;
revoke all on public.machine_parameters from anon, authenticated;
grant select on public.machine_parameters to authenticated, service_role;
revoke execute on all functions in schema private from public;

/* rollback
drop view if exists public.machine_parameters;
drop table if exists public.user_machine_assignments, public.component_parameters, public.machine_state,
  public.machine_components, public.component_parameter_definitions, public.component_definitions,
  public.machines, public.profiles cascade;
drop schema if exists private cascade;
rollback */
