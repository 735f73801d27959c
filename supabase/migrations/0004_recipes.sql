-- Recipes: stored programs of valve, purge, parameter, wait and loop steps. Loops may hold loops.
-- Written by: engineers. Read by: every person. A run never reads these again: it keeps its own frozen program.

create table public.recipes (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  version integer not null default 1 check (version > 0),
  is_public boolean not null default true,
  created_by uuid references public.profiles (id) on delete set null,
  machine_type text not null default 'thermal-ald',
  substrate text,
  chamber_temperature_set_point double precision not null default 200,
  pressure_set_point double precision not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.recipes is 'A stored program; chamber temperature in °C, pressure in Torr.';

create table public.recipe_steps (
  id uuid primary key default gen_random_uuid(),
  recipe_id uuid not null references public.recipes (id) on delete cascade,
  sequence_number integer not null,
  name text not null,
  description text,
  type text not null,
  parent_step_id uuid references public.recipe_steps (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint recipe_steps_sequence_once unique (recipe_id, sequence_number),
  constraint recipe_steps_type_is_known check (type in ('valve', 'purge', 'loop', 'parameter', 'wait')),
  constraint recipe_steps_not_own_parent check (parent_step_id is distinct from id)
);
comment on table public.recipe_steps is 'Steps in order of sequence_number; children of a loop name it as their parent.';
create index recipe_steps_by_parent on public.recipe_steps (parent_step_id);
create index recipes_by_author on public.recipes (created_by);

create table public.valve_step_config (
  id uuid primary key default gen_random_uuid(),
  step_id uuid not null unique references public.recipe_steps (id) on delete cascade,
  valve_id text not null default '',
  valve_number integer not null check (valve_number > 0),
  duration_ms integer not null check (duration_ms > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.valve_step_config is 'Which valve opens, and for how long.';

create table public.purge_step_config (
  id uuid primary key default gen_random_uuid(),
  step_id uuid not null unique references public.recipe_steps (id) on delete cascade,
  duration_ms integer not null check (duration_ms > 0),
  gas_type text not null default 'N2',
  flow_rate numeric not null default 100.0 check (flow_rate > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.purge_step_config is 'How long the purge lasts; flow rate in sccm.';

create table public.wait_step_config (
  id uuid primary key default gen_random_uuid(),
  step_id uuid not null unique references public.recipe_steps (id) on delete cascade,
  duration_ms integer not null check (duration_ms > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.wait_step_config is 'How long nothing is changed.';

create table public.loop_step_config (
  id uuid primary key default gen_random_uuid(),
  step_id uuid not null unique references public.recipe_steps (id) on delete cascade,
  iteration_count integer not null check (iteration_count > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.loop_step_config is 'How often the children of the loop run.';

create table public.parameter_step_config (
  id uuid primary key default gen_random_uuid(),
  step_id uuid not null unique references public.recipe_steps (id) on delete cascade,
  parameter_id uuid not null references public.component_parameters (id) on delete cascade,
  target_value numeric not null,
  adjustment_rate numeric not null default 1.0 check (adjustment_rate > 0),
  hold_duration_ms integer not null default 1000 check (hold_duration_ms > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.parameter_step_config is 'Set-point, its rate of change in units per second, and the hold afterwards.';
create index parameter_step_config_by_parameter on public.parameter_step_config (parameter_id);

create table public.recipe_parameters (
  id uuid primary key default gen_random_uuid(),
  recipe_id uuid not null references public.recipes (id) on delete cascade,
  parameter_name text not null,
  parameter_value numeric not null,
  parameter_unit text,
  parameter_type text,
  min_value numeric,
  max_value numeric,
  is_critical boolean not null default false,
  tolerance_percentage numeric,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint recipe_parameters_name_once unique (recipe_id, parameter_name)
);
comment on table public.recipe_parameters is 'Conditions the recipe was written for, with their limits.';

do $$
declare
  t text;
begin
  foreach t in array array[
    'recipes', 'recipe_steps', 'valve_step_config', 'purge_step_config', 'wait_step_config',
    'loop_step_config', 'parameter_step_config', 'recipe_parameters'
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

create function private.invalid_program(p_path text, p_problem text) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT422', message = case when p_path = 'steps' then p_problem else p_path || ': ' || p_problem end;
end
$$;
comment on function private.invalid_program(text, text) is 'Refuses a malformed program, naming the path of the fault where it lies in a step.';

create function private.program_steps(p_recipe_id uuid, p_parent uuid, p_path text) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_step record;
  v_steps jsonb := '[]'::jsonb;
  v_one jsonb;
  v_path text;
  v_index integer := 0;
begin
  for v_step in
    select s.id, s.name, s.type,
      v.valve_number, v.duration_ms as valve_ms, p.duration_ms as purge_ms, p.gas_type, p.flow_rate,
      w.duration_ms as wait_ms, l.iteration_count,
      c.parameter_id, c.target_value, c.adjustment_rate, c.hold_duration_ms, d.name as parameter_name, d.unit
    from public.recipe_steps s
    left join public.valve_step_config v on v.step_id = s.id
    left join public.purge_step_config p on p.step_id = s.id
    left join public.wait_step_config w on w.step_id = s.id
    left join public.loop_step_config l on l.step_id = s.id
    left join public.parameter_step_config c on c.step_id = s.id
    left join public.component_parameters cp on cp.id = c.parameter_id
    left join public.component_parameter_definitions d on d.id = cp.definition_id
    where s.recipe_id = p_recipe_id and s.parent_step_id is not distinct from p_parent
    order by s.sequence_number
  loop
    v_path := p_path || '[' || v_index || ']';
    v_index := v_index + 1;
    v_one := jsonb_build_object('id', v_step.id, 'name', v_step.name, 'type', v_step.type);
    case v_step.type
      when 'valve' then
        if v_step.valve_number is null then perform private.invalid_program(v_path, 'this valve step has no valve and duration'); end if;
        v_one := v_one || jsonb_build_object('valve_number', v_step.valve_number, 'duration_ms', v_step.valve_ms);
      when 'purge' then
        if v_step.purge_ms is null then perform private.invalid_program(v_path, 'this purge has no duration'); end if;
        v_one := v_one || jsonb_build_object('duration_ms', v_step.purge_ms, 'gas_type', v_step.gas_type, 'flow_rate', v_step.flow_rate);
      when 'wait' then
        if v_step.wait_ms is null then perform private.invalid_program(v_path, 'this wait has no duration'); end if;
        v_one := v_one || jsonb_build_object('duration_ms', v_step.wait_ms);
      when 'parameter' then
        if v_step.parameter_id is null then perform private.invalid_program(v_path, 'this parameter step has no target'); end if;
        v_one := v_one || jsonb_build_object(
          'parameter_id', v_step.parameter_id, 'parameter_name', v_step.parameter_name, 'unit', v_step.unit,
          'target_value', v_step.target_value, 'adjustment_rate', v_step.adjustment_rate,
          'hold_duration_ms', v_step.hold_duration_ms);
      when 'loop' then
        if v_step.iteration_count is null then perform private.invalid_program(v_path, 'this loop has no iteration count'); end if;
        v_one := v_one || jsonb_build_object('iteration_count', v_step.iteration_count,
          'children', private.program_steps(p_recipe_id, v_step.id, v_path || '.children'));
    end case;
    v_steps := v_steps || jsonb_build_array(v_one);
  end loop;
  if v_index = 0 then
    perform private.invalid_program(p_path, case when p_parent is null then 'the recipe has no steps' else 'this loop has no steps' end);
  end if;
  return v_steps;
end
$$;
comment on function private.program_steps(uuid, uuid, text) is
  'Steps of a recipe below one parent as nested json; raises PT422 with the path of the first fault.';

create function private.program_totals(p_steps jsonb, out steps bigint, out cycles bigint, out planned_ms bigint)
language plpgsql immutable set search_path = ''
as $$
declare
  v_step jsonb;
  v_count bigint;
  v_inner record;
  v_children jsonb;
begin
  steps := 0; cycles := 0; planned_ms := 0;
  for v_step in select jsonb_array_elements(p_steps) loop
    if v_step ->> 'type' = 'loop' then
      v_count := (v_step ->> 'iteration_count')::bigint;
      v_children := v_step -> 'children';
      select t.* into v_inner from private.program_totals(v_children) t;
      steps := steps + v_count * v_inner.steps;
      planned_ms := planned_ms + v_count * v_inner.planned_ms;
      cycles := cycles + v_count * case
        when v_children @> '[{"type":"loop"}]' then v_inner.cycles
        when v_children @> '[{"type":"valve"}]' then 1
        else 0
      end;
    else
      steps := steps + 1;
      planned_ms := planned_ms + coalesce(v_step ->> 'duration_ms', v_step ->> 'hold_duration_ms')::bigint;
    end if;
  end loop;
end
$$;
comment on function private.program_totals(jsonb) is
  'Unrolled step count, cycles (iterations of loops with valves and no inner loop) and planned time in ms.';

create function private.program_of(p_recipe_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_recipe public.recipes;
  v_steps jsonb;
begin
  select r.* into v_recipe from public.recipes r where r.id = p_recipe_id;
  v_steps := private.program_steps(p_recipe_id, null, 'steps');
  return jsonb_build_object(
    'format', 1,
    'recipe', jsonb_build_object(
      'id', v_recipe.id, 'name', v_recipe.name, 'version', v_recipe.version, 'machine_type', v_recipe.machine_type,
      'substrate', v_recipe.substrate, 'chamber_temperature_set_point', v_recipe.chamber_temperature_set_point,
      'pressure_set_point', v_recipe.pressure_set_point),
    'steps', v_steps,
    'parameters', coalesce((
      select jsonb_agg(jsonb_build_object('name', p.parameter_name, 'value', p.parameter_value,
        'unit', p.parameter_unit, 'min', p.min_value, 'max', p.max_value) order by p.parameter_name)
      from public.recipe_parameters p where p.recipe_id = p_recipe_id), '[]'::jsonb),
    'totals', (select to_jsonb(t) from private.program_totals(v_steps) t));
end
$$;
comment on function private.program_of(uuid) is 'The whole program of a recipe, ready to be frozen into a run; raises PT422.';

create function public.recipe_program(p_recipe_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.program_of(p_recipe_id) where exists (select 1 from public.recipes r where r.id = p_recipe_id) $$;
comment on function public.recipe_program(uuid) is
  'Program of a stored recipe for preview; null when there is no such recipe, PT422 with the path when malformed.';

revoke execute on all functions in schema private from public;
grant execute on function private.invalid_program(text, text), private.program_steps(uuid, uuid, text),
  private.program_totals(jsonb), private.program_of(uuid) to authenticated, service_role;
revoke execute on function public.recipe_program(uuid) from public, anon;
grant execute on function public.recipe_program(uuid) to authenticated, service_role;

/* rollback
drop function if exists public.recipe_program(uuid);
drop function if exists private.program_of(uuid);
drop function if exists private.program_totals(jsonb);
drop function if exists private.program_steps(uuid, uuid, text);
drop function if exists private.invalid_program(text, text);
drop table if exists public.recipe_parameters, public.parameter_step_config, public.loop_step_config,
  public.wait_step_config, public.purge_step_config, public.valve_step_config, public.recipe_steps, public.recipes cascade;
rollback */
