-- Every version of a recipe, and the one way in which people write recipes: whole, checked, as a new version, and only upon the
-- version that they opened. A run is not touched by it: it plays, and keeps, its own frozen program.
-- Written by: save_recipe, and a trigger for whoever else writes a recipe. Read by: every person.

create table public.recipe_versions (
  recipe_id uuid not null references public.recipes (id) on delete cascade,
  version integer not null check (version > 0),
  program jsonb not null,
  note text check (length(note) <= 500),
  author_id uuid references public.profiles (id) on delete set null,
  asked text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (recipe_id, version)
);
comment on table public.recipe_versions is 'What a recipe said in each of its versions; append-only.';
comment on column public.recipe_versions.program is 'As a run started at that time would have frozen it.';
comment on column public.recipe_versions.asked is 'Names what its author asked to be saved, so that asking twice is asking once; null when nobody was asked.';
create index recipe_versions_by_author on public.recipe_versions (author_id);
alter table public.recipe_versions enable row level security;
revoke all on public.recipe_versions from anon, authenticated, service_role;
grant select on public.recipe_versions to authenticated, service_role;
create policy recipe_versions_read_by_people on public.recipe_versions for select to authenticated using ((select private.is_person()));

create function private.recipe_versions_are_kept() returns trigger
language plpgsql set search_path = ''
as $$
begin
  -- A person who leaves takes no version along.
  if (new.recipe_id, new.version, new.program, new.note, new.asked, new.created_at)
    is not distinct from (old.recipe_id, old.version, old.program, old.note, old.asked, old.created_at) and new.author_id is null
  then
    return new;
  end if;
  raise exception using errcode = 'PT403', message = 'The recipe was not changed there: its versions are append-only.', hint = 'Save a new version of the recipe.';
end
$$;
comment on function private.recipe_versions_are_kept() is 'Refuses every change of what a recipe once said.';
create trigger t10_append_only before update on public.recipe_versions for each row execute function private.recipe_versions_are_kept();

create function private.program_or_fault(p_recipe_id uuid, out program jsonb, out fault text)
language plpgsql stable set search_path = ''
as $$
begin
  program := private.program_of(p_recipe_id);
exception
  when sqlstate 'PT422' then
    fault := sqlerrm;
  when case_not_found then
    -- A lab's own tables know more kinds of steps.
    fault := 'one of its steps is of a kind that is none of valve, purge, wait, parameter, loop';
end
$$;
comment on function private.program_or_fault(uuid) is 'The program of a recipe, or why there is none: the path of its first fault and what is wrong there.';

create function private.keep_recipe_version(p_recipe_id uuid) returns void
language sql security definer set search_path = ''
as $$
  insert into public.recipe_versions (recipe_id, version, program, author_id, created_at)
  select r.id, r.version, p.program, case when r.version = 1 then r.created_by end, r.updated_at
  from public.recipes r cross join lateral private.program_or_fault(r.id) p
  where r.id = p_recipe_id and p.program is not null
    and not exists (select 1 from public.recipe_versions v where v.recipe_id = r.id and v.version = r.version)
  on conflict do nothing
$$;
comment on function private.keep_recipe_version(uuid) is 'Keeps what a recipe says now, unless that version is kept already or cannot be played.';

create function private.recipes_keep_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.keep_recipe_version(new.id);
  return null;
end
$$;
comment on function private.recipes_keep_version() is 'Versions are kept whoever writes them; at commit, when the steps are written too.';
create constraint trigger t20_keep_version after insert or update of version on public.recipes
  deferrable initially deferred for each row execute function private.recipes_keep_version();

-- What is known of the past: the recipes as they are, and of older versions what runs of them have frozen.
do $$ begin perform private.keep_recipe_version(r.id) from public.recipes r; end $$;
insert into public.recipe_versions (recipe_id, version, program, created_at)
select f.recipe_id, f.recipe_version, r.recipe_version, f.start_time
from (
  select distinct on (c.recipe_id, c.recipe_version) c.recipe_id, c.recipe_version, c.run_id, c.start_time
  from private.run_cards c where c.recipe_version > 0 order by c.recipe_id, c.recipe_version, c.start_time
) f
join public.process_executions r on r.id = f.run_id
where jsonb_typeof(r.recipe_version -> 'steps') = 'array' and r.recipe_version @> '{"format": 1}'
on conflict do nothing;

create function private.is_number(p_value jsonb, p_least numeric, p_most numeric) returns boolean
language sql immutable set search_path = ''
as $$ select case when jsonb_typeof(p_value) = 'number' then (p_value #>> '{}')::numeric between p_least and p_most else false end $$;
comment on function private.is_number(jsonb, numeric, numeric) is 'True for a number between two others, them included.';

create function private.is_whole(p_value jsonb, p_least numeric, p_most numeric) returns boolean
language sql immutable set search_path = ''
as $$ select case when private.is_number(p_value, p_least, p_most) then (p_value #>> '{}')::numeric % 1 = 0 else false end $$;
comment on function private.is_whole(jsonb, numeric, numeric) is 'True for a whole number between two others, them included.';

create function private.is_words(p_value jsonb, p_most integer) returns boolean
language sql immutable set search_path = ''
as $$
  select case when jsonb_typeof(p_value) = 'string' then private.readable_length(p_value #>> '{}') > 0 and length(p_value #>> '{}') <= p_most else false end
$$;
comment on function private.is_words(jsonb, integer) is 'True for a text that says something in at most so many characters.';

create function private.recipe_step_fault(p_step jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case
    when jsonb_typeof(p_step) is distinct from 'object' then 'this is no step'
    when p_step ->> 'id' is null or not private.is_id(p_step ->> 'id') then 'the step has no id'
    when not private.is_words(p_step -> 'name', 200) then 'the step needs a name of 1 to 200 characters'
    when t.type not in ('valve', 'purge', 'wait', 'parameter', 'loop') then 'its type is none of valve, purge, wait, parameter, loop'
    when t.type = 'valve' and not private.is_whole(p_step -> 'valve_number', 1, 999) then 'the valve is not a whole number from 1 to 999'
    when t.type in ('valve', 'purge', 'wait') and not private.is_whole(p_step -> 'duration_ms', 1, 604800000)
      then 'the duration is not a whole number of ms from 1 to 604 800 000, which is a week'
    when t.type = 'purge' and not private.is_words(p_step -> 'gas_type', 40) then 'the purge needs a gas, in 1 to 40 characters'
    when t.type = 'purge' and not private.is_number(p_step -> 'flow_rate', 0.001, 1000000) then 'the flow is not a number of sccm from 0.001 to 1 000 000'
    when t.type = 'parameter' and (p_step ->> 'parameter_id' is null or not private.is_id(p_step ->> 'parameter_id')) then 'no parameter is chosen'
    when t.type = 'parameter' and not private.is_number(p_step -> 'target_value', -1e9, 1e9) then 'the target is not a number within a billion'
    when t.type = 'parameter' and not private.is_number(p_step -> 'adjustment_rate', 1e-6, 1e9) then 'the rate is not a number from 0.000001 to a billion, per second'
    when t.type = 'parameter' and not private.is_whole(p_step -> 'hold_duration_ms', 1, 604800000)
      then 'the hold is not a whole number of ms from 1 to 604 800 000, which is a week'
    when t.type = 'loop' and not private.is_whole(p_step -> 'iteration_count', 1, 1000000) then 'the loop does not repeat a whole number of times from 1 to 1 000 000'
    when t.type = 'loop' and jsonb_typeof(p_step -> 'children') is distinct from 'array' then 'the steps of this loop are not a list'
  end
  from (select coalesce(p_step ->> 'type', '') as type) t
$$;
comment on function private.recipe_step_fault(jsonb) is 'Why a step cannot be stored as it is written, its inner steps aside; null when it can.';

create function private.recipe_fault(p_recipe jsonb, p_note text, out path text, out problem text)
language sql immutable set search_path = ''
as $$
  select f.path, f.problem from (values
    (1, 'recipe', 'the recipe says nothing of itself', jsonb_typeof(p_recipe) is not distinct from 'object'),
    (2, 'recipe.name', 'a name of 1 to 200 characters is needed', private.is_words(p_recipe -> 'name', 200)),
    (3, 'recipe.description', 'the description is longer than 2 000 characters', length(coalesce(p_recipe ->> 'description', '')) <= 2000),
    (4, 'recipe.machine_type', 'a type of machine is needed, in 1 to 60 characters', private.is_words(p_recipe -> 'machine_type', 60)),
    (5, 'recipe.substrate', 'the substrate is longer than 200 characters', length(coalesce(p_recipe ->> 'substrate', '')) <= 200),
    (6, 'recipe.chamber_temperature_set_point', 'the chamber temperature is not a number of °C from -273 to 3 000', private.is_number(p_recipe -> 'chamber_temperature_set_point', -273, 3000)),
    (7, 'recipe.pressure_set_point', 'the pressure is not a number of Torr from 0.000001 to 10 000', private.is_number(p_recipe -> 'pressure_set_point', 0.000001, 10000)),
    (8, 'note', 'the note is longer than 500 characters', length(coalesce(p_note, '')) <= 500)
  ) f (n, path, problem, is_well) where not f.is_well order by f.n limit 1
$$;
comment on function private.recipe_fault(jsonb, text) is 'What is wrong with a recipe''s own settings or with the note on it, and where; nothing when all is well.';

create function private.write_steps(p_recipe_id uuid, p_parent uuid, p_steps jsonb, p_path text, p_last integer, p_before jsonb) returns integer
language plpgsql set search_path = ''
as $$
declare
  v_step jsonb;
  v_path text;
  v_fault text;
  v_id uuid;
  v_index integer := 0;
  v_last integer := p_last;
begin
  for v_step in select e.step from jsonb_array_elements(p_steps) with ordinality e (step, n) order by e.n loop
    v_path := p_path || '[' || v_index || ']';
    v_index := v_index + 1;
    v_last := v_last + 1;
    v_fault := private.recipe_step_fault(v_step);
    if v_fault is not null then
      perform private.invalid_program(v_path, v_fault);
    end if;
    if v_last > 2000 then
      perform private.invalid_program(v_path, 'a recipe is written in at most 2 000 steps; loops repeat them');
    end if;
    v_id := (v_step ->> 'id')::uuid;
    insert into public.recipe_steps (id, recipe_id, sequence_number, name, description, type, parent_step_id, created_at)
    values (v_id, p_recipe_id, v_last, v_step ->> 'name', p_before #>> array[v_id::text, 'description'], v_step ->> 'type', p_parent,
      coalesce((p_before #>> array[v_id::text, 'created_at'])::timestamptz, now()))
    on conflict (id) do nothing;
    if not found then
      perform private.invalid_program(v_path, 'its id is that of another step');
    end if;
    case v_step ->> 'type'
      when 'valve' then
        insert into public.valve_step_config (step_id, valve_id, valve_number, duration_ms)
        values (v_id, 'valve_' || (v_step ->> 'valve_number')::numeric::integer, (v_step ->> 'valve_number')::numeric, (v_step ->> 'duration_ms')::numeric);
      when 'purge' then
        insert into public.purge_step_config (step_id, duration_ms, gas_type, flow_rate)
        values (v_id, (v_step ->> 'duration_ms')::numeric, v_step ->> 'gas_type', (v_step ->> 'flow_rate')::numeric);
      when 'wait' then
        insert into public.wait_step_config (step_id, duration_ms) values (v_id, (v_step ->> 'duration_ms')::numeric);
      when 'parameter' then
        insert into public.parameter_step_config (step_id, parameter_id, target_value, adjustment_rate, hold_duration_ms)
        select v_id, c.id, (v_step ->> 'target_value')::numeric, (v_step ->> 'adjustment_rate')::numeric, (v_step ->> 'hold_duration_ms')::numeric
        from public.component_parameters c where c.id = (v_step ->> 'parameter_id')::uuid;
        if not found then
          perform private.invalid_program(v_path, 'there is no such parameter');
        end if;
      when 'loop' then
        insert into public.loop_step_config (step_id, iteration_count) values (v_id, (v_step ->> 'iteration_count')::numeric);
        -- What is nested deeper is refused by the reader of programs; it need not be written for that.
        if (length(v_path) - length(replace(v_path, '.children', ''))) / length('.children') < 31 then
          v_last := private.write_steps(p_recipe_id, v_id, v_step -> 'children', v_path || '.children', v_last, p_before);
        else
          perform private.invalid_program(v_path, 'loops are nested more than 32 deep');
        end if;
    end case;
  end loop;
  return v_last;
end
$$;
comment on function private.write_steps(uuid, uuid, jsonb, text, integer, jsonb) is
  'Writes steps below a parent; answers how many are written by then. Raises PT422 with the path of the first that cannot be. p_before: '
  'what of the same steps, by id, stays as it was.';

create function private.write_recipe(p_recipe public.recipes, p_program jsonb) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  v_before jsonb;
  v_program jsonb;
  v_head jsonb := p_program -> 'recipe';
begin
  select jsonb_object_agg(s.id, jsonb_build_object('description', s.description, 'created_at', s.created_at)) into v_before
  from public.recipe_steps s where s.recipe_id = p_recipe.id;
  update public.recipes r set version = p_recipe.version, name = btrim(v_head ->> 'name'), machine_type = btrim(v_head ->> 'machine_type'),
    description = case when v_head ? 'description' then nullif(btrim(v_head ->> 'description'), '') else r.description end,
    substrate = nullif(btrim(v_head ->> 'substrate'), ''), updated_at = clock_timestamp(),
    chamber_temperature_set_point = (v_head ->> 'chamber_temperature_set_point')::double precision,
    pressure_set_point = (v_head ->> 'pressure_set_point')::double precision
  where r.id = p_recipe.id;
  delete from public.recipe_steps s where s.recipe_id = p_recipe.id;
  if jsonb_typeof(p_program -> 'steps') is distinct from 'array' then
    perform private.invalid_program('steps', 'the recipe has no list of steps');
  end if;
  perform private.write_steps(p_recipe.id, null, p_program -> 'steps', 'steps', 0, coalesce(v_before, '{}'));
  -- The one judge of programs reads what was written, as a start would.
  v_program := private.program_of(p_recipe.id);
  if (v_program #>> '{totals,steps}')::bigint > 1000000 then
    perform private.invalid_program('steps', format('unrolled, the program has %s steps; at most 1000000 are saved', v_program #>> '{totals,steps}'));
  end if;
  return v_program;
end
$$;
comment on function private.write_recipe(public.recipes, jsonb) is
  'Writes a recipe and all its steps anew, as the version it names, and answers its program. Steps keep their ids. Raises PT422 with the path of the first fault.';

create function public.save_recipe(
  p_recipe_id uuid, p_expected_version integer, p_program jsonb, p_note text default null, p_expected_program text default null
) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_recipe public.recipes;
  v_newest public.recipe_versions;
  v_program jsonb;
  v_tag text;
  v_fault record;
  v_is_new boolean := false;
  v_asked text := md5(concat_ws('|', p_expected_version, p_program::text, p_note));
begin
  if not private.is_person() then
    return private.refuse(403, 'not_signed_in', 'The recipe was not saved: nobody with an active profile is signed in.', 'Sign in again, or ask an administrator.');
  end if;
  if not private.is_engineer() then
    return private.refuse(403, 'not_allowed', 'The recipe was not saved: only engineers and administrators write recipes.', 'Ask an engineer.');
  end if;
  -- What is refused below undoes all that this block has written.
  begin
    if octet_length(p_program::text) > 1000000 then
      perform private.invalid_program('steps', 'the program is larger than 1 MB');
    end if;
    select * into v_fault from private.recipe_fault(p_program -> 'recipe', p_note);
    if v_fault.path is not null then
      perform private.invalid_program(v_fault.path, v_fault.problem);
    end if;
    if p_expected_version = 0 and p_recipe_id is not null then
      insert into public.recipes (id, name, created_by) values (p_recipe_id, '', (select auth.uid())) on conflict (id) do nothing;
      v_is_new := found;
    end if;
    select * into v_recipe from public.recipes r where r.id = p_recipe_id for no key update;
    if v_recipe.id is null then
      return private.refuse(404, 'recipe_not_found', 'The recipe was not saved: there is no such recipe.', 'Go back to the recipes and choose one.');
    end if;
    if not v_is_new then
      select * into v_newest from public.recipe_versions v where v.recipe_id = p_recipe_id and v.version = v_recipe.version;
      v_tag := (select private.program_tag(p.program) from private.program_or_fault(p_recipe_id) p);
      if v_newest.asked = v_asked and v_newest.author_id = (select auth.uid()) then
        return jsonb_build_object('ok', true, 'recipe_id', p_recipe_id, 'version', v_recipe.version, 'program', v_newest.program, 'program_tag', private.program_tag(v_newest.program));
      end if;
      if v_recipe.version is distinct from p_expected_version or (p_expected_program is not null and v_tag is distinct from p_expected_program) then
        return private.refuse(412, 'recipe_changed', format('The recipe was not saved: %s changed since you opened it, it %s%s.', left(v_recipe.name, 120),
            case when v_recipe.version is distinct from p_expected_version then format('was version %s and is now version %s', coalesce(p_expected_version::text, 'unknown'), v_recipe.version)
              else 'is still version ' || v_recipe.version || ', with other steps or settings' end,
            (select ', saved by ' || left(a.full_name, 120) from public.profiles a where a.id = v_newest.author_id)),
          'Look at what changed, then save yours as the version after it.', jsonb_build_object('version', v_recipe.version, 'program_tag', v_tag));
      end if;
      perform private.keep_recipe_version(p_recipe_id);
      v_recipe.version := v_recipe.version + 1;
    end if;
    v_program := private.write_recipe(v_recipe, p_program);
    insert into public.recipe_versions (recipe_id, version, program, note, author_id, asked)
    values (p_recipe_id, v_recipe.version, v_program, nullif(btrim(p_note), ''), (select auth.uid()), v_asked);
  exception
    when sqlstate 'PT422' then
      return private.refuse(422, 'program_invalid', 'The recipe was not saved: ' || sqlerrm || '.', 'Mend it at the named place, then save again.',
        jsonb_build_object('path', coalesce(substring(sqlerrm from '^((?:steps|recipe|note)[][a-z0-9_.]*): '), 'steps'), 'problem', regexp_replace(sqlerrm, '^(steps|recipe|note)[][a-z0-9_.]*: ', '')));
  end;
  perform private.audit('recipe_saved', null, null, null, jsonb_build_object('recipe_id', p_recipe_id, 'version', v_recipe.version - 1),
    jsonb_build_object('recipe_id', p_recipe_id, 'version', v_recipe.version, 'name', v_program #>> '{recipe,name}', 'totals', v_program -> 'totals'), nullif(btrim(p_note), ''));
  return jsonb_build_object('ok', true, 'recipe_id', p_recipe_id, 'version', v_recipe.version, 'program', v_program, 'program_tag', private.program_tag(v_program));
end
$$;
comment on function public.save_recipe(uuid, integer, jsonb, text, text) is
  'Saves a recipe as a new version, whole or not at all, if it is still the version (and, with p_expected_program, the program) that was '
  'opened; version 0 makes a recipe by the id that the browser made. p_program: recipe (name, description, machine_type, substrate, '
  'chamber_temperature_set_point, pressure_set_point) and steps, as a frozen program has them; a step that stays keeps its id. Runs are '
  'not touched. Caller: engineers and administrators; audited. 403 not_signed_in, not_allowed, 404 recipe_not_found, 412 recipe_changed, '
  '422 program_invalid, with path and problem in its details.';

create function public.list_recipes(p_text text default null, p_limit integer default 200) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  with recursive found as (
    select r.*, l.id as run_id, l.status as run_status, l.start_time as run_started_at, l.machine_id
    from public.recipes r
    left join lateral (select x.id, x.status, x.start_time, x.machine_id from public.process_executions x where x.recipe_id = r.id order by x.start_time desc limit 1) l on true
    -- Every word is looked for as it is written.
    where not exists (
      select 1 from regexp_split_to_table(lower(btrim(left(coalesce(p_text, ''), 1000))), '\s+') w
      where position(w in lower(concat_ws(' ', left(r.name, 4000), left(r.description, 4000), r.machine_type, r.substrate))) = 0)
  ), listed as (
    select f.*, row_number() over (order by f.run_started_at desc nulls last, f.name, f.id) as n from found f
    order by n limit least(greatest(coalesce(p_limit, 200), 1), 1000)
  ), walk as (
    select l.id as recipe_id, s.id, s.type, 1::numeric as times from listed l join public.recipe_steps s on s.recipe_id = l.id and s.parent_step_id is null
    union all
    select w.recipe_id, c.id, c.type, w.times * k.iteration_count
    from walk w join public.loop_step_config k on k.step_id = w.id
    join public.recipe_steps c on c.parent_step_id = w.id and c.recipe_id = w.recipe_id
    where w.type = 'loop'
  ), step as (
    select w.recipe_id, w.type, w.times, k.iteration_count, k.holds_loop, k.holds_valve,
      coalesce(v.duration_ms, p.duration_ms, t.duration_ms, c.hold_duration_ms) as planned_ms,
      case w.type when 'valve' then v.id when 'purge' then p.id when 'wait' then t.id when 'parameter' then c.id
        when 'loop' then case when k.holds_steps then k.id end end is not null as is_whole
    from walk w
    left join public.valve_step_config v on v.step_id = w.id
    left join public.purge_step_config p on p.step_id = w.id
    left join public.wait_step_config t on t.step_id = w.id
    left join public.parameter_step_config c on c.step_id = w.id
    left join lateral (
      select k.id, k.iteration_count, count(i.id) > 0 as holds_steps, bool_or(i.type = 'loop') as holds_loop, bool_or(i.type = 'valve') as holds_valve
      from public.loop_step_config k left join public.recipe_steps i on i.parent_step_id = k.step_id
      where k.step_id = w.id and w.type = 'loop' group by k.id
    ) k on true
  ), totals as (
    select s.recipe_id, sum(s.times * s.planned_ms) filter (where s.type <> 'loop') as planned_ms, sum(s.times) filter (where s.type <> 'loop') as steps,
      coalesce(sum(s.times * s.iteration_count) filter (where s.holds_valve and not s.holds_loop), 0) as cycles
    from step s group by s.recipe_id having bool_and(s.is_whole)
  )
  select jsonb_build_object('server_time', clock_timestamp(), 'total', (select count(*) from found),
    'recipes', coalesce((
      select jsonb_agg(jsonb_build_object('id', l.id, 'name', l.name, 'description', l.description, 'version', l.version, 'machine_type', l.machine_type,
        'planned_ms', t.planned_ms, 'steps', t.steps, 'cycles', t.cycles,
        'runs', (select count(*) from (select 1 from public.process_executions x where x.recipe_id = l.id limit 10001) c),
        'last_run', case when l.run_id is not null then jsonb_build_object('run_id', l.run_id, 'status', l.run_status, 'start_time', l.run_started_at,
          'machine_id', l.machine_id, 'machine_name', (select m.name from public.machines m where m.id = l.machine_id)) end) order by l.n)
      from listed l left join totals t on t.recipe_id = l.id), '[]'))
$$;
comment on function public.list_recipes(text, integer) is
  'Recipes, those that ran last first, at most p_limit, and how many there are: planned ms, steps and cycles unrolled (null when the '
  'recipe is malformed), number of runs (10 001 means more than 10 000), and the last of them. p_text: each word somewhere in the name, '
  'description, type or substrate.';

create function public.recipe_page(p_recipe_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_recipe public.recipes;
  v_read record;
begin
  select * into v_recipe from public.recipes r where r.id = p_recipe_id;
  if v_recipe.id is null then
    return null;
  end if;
  select * into v_read from private.program_or_fault(p_recipe_id);
  return jsonb_build_object(
    'server_time', clock_timestamp(),
    'recipe', jsonb_build_object('id', v_recipe.id, 'name', v_recipe.name, 'description', v_recipe.description, 'version', v_recipe.version,
      'machine_type', v_recipe.machine_type, 'updated_at', v_recipe.updated_at),
    'program', v_read.program, 'problem', v_read.fault, 'program_tag', private.program_tag(v_read.program),
    'pace', public.recipe_pace(p_recipe_id),
    'runs', (select count(*) from (select 1 from public.process_executions x where x.recipe_id = p_recipe_id limit 10001) c),
    'versions', coalesce((
      select jsonb_agg(jsonb_build_object('version', v.version, 'note', v.note, 'author_name', a.full_name, 'created_at', v.created_at, 'totals', v.totals) order by v.version desc)
      from (
        select k.version, k.note, k.author_id, k.created_at, k.program -> 'totals' as totals from public.recipe_versions k where k.recipe_id = p_recipe_id
        union all
        -- Written by somebody who changed the version and its steps in different transactions.
        select v_recipe.version, null, null, v_recipe.updated_at, v_read.program -> 'totals' where v_read.program is not null
          and not exists (select 1 from public.recipe_versions k where k.recipe_id = p_recipe_id and k.version = v_recipe.version)
        order by version desc limit 200
      ) v left join public.profiles a on a.id = v.author_id), '[]'));
end
$$;
comment on function public.recipe_page(uuid) is
  'A recipe: its program as a start would freeze it, or the problem with it; the tag of that program; its pace; how many runs (10 001 '
  'means more than 10 000); its newest 200 versions with author and note. Null when there is no such recipe.';

create function public.recipe_version(p_recipe_id uuid, p_version integer) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select case when r.version = p_version then (select p.program from private.program_or_fault(p_recipe_id) p)
    else (select v.program from public.recipe_versions v where v.recipe_id = p_recipe_id and v.version = p_version) end
  from public.recipes r where r.id = p_recipe_id
$$;
comment on function public.recipe_version(uuid, integer) is 'The program of one version of a recipe; null when there is none.';

create function public.recipe_durations(p_recipe_id uuid, p_runs integer default 20) returns jsonb
language plpgsql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
declare
  c_bins constant integer := 24;
  v_answer jsonb;
begin
  with leaves as materialized (
    select s.id, s.name, s.sequence_number as place, coalesce(v.duration_ms, p.duration_ms, w.duration_ms, c.hold_duration_ms) as planned_ms,
      case s.type when 'valve' then 'valve ' || v.valve_number else s.type end as lane
    from public.recipe_steps s
    left join public.valve_step_config v on v.step_id = s.id
    left join public.purge_step_config p on p.step_id = s.id
    left join public.wait_step_config w on w.step_id = s.id
    left join public.parameter_step_config c on c.step_id = s.id
    where s.recipe_id = p_recipe_id and s.type <> 'loop'
  ), chosen as materialized (
    -- A longer run is read by coarser sums: each costs a few thousand rows at most.
    select r.id, r.last_seq, r.start_time, case when r.last_seq < 2000 then 0 when r.last_seq < 16000 then 1 when r.last_seq < 256000 then 2 else 3 end as level
    from public.process_executions r where r.recipe_id = p_recipe_id and r.last_seq > 0
    order by r.start_time desc limit least(greatest(coalesce(p_runs, 20), 1), 50)
  ), pieces as materialized (
    select c.id as run_id, o.*
    from chosen c cross join lateral (
      with series as materialized (
        select s.series, s.recipe_step_id, s.lane, s.step_name from private.all_series(c.id) s where c.level > 0
      ), taken as materialized (
        select s.recipe_step_id, s.lane, s.step_name, p.planned_ms, p.measured, p.measured_ms, p.least_ms, p.most_ms, p.deviations
        from (select * from private.run_pieces(c.id, c.last_seq, c.level, 1, c.last_seq) where c.level > 0 offset 0) p
        join series s on s.series = p.series where p.measured > 0
        union all
        select t.recipe_step_id, t.lane, t.step_name, t.planned_ms, 1, t.full_ms, t.full_ms, t.full_ms, t.is_deviation::integer
        from private.timed_steps t where c.level = 0 and t.process_id = c.id and t.full_ms is not null
      )
      select l.id as step_id, t.planned_ms is not distinct from l.planned_ms as is_as_planned, t.measured as n, t.measured_ms / t.measured as mean,
        t.least_ms, t.most_ms, t.deviations
      from taken t
      -- The same step by its id; where the id is none of these, by what it does and is called.
      cross join lateral (
        select x.id, x.planned_ms from leaves x
        where x.id = t.recipe_step_id or (x.lane = t.lane and x.name = t.step_name and not exists (select 1 from leaves o where o.id = t.recipe_step_id))
        order by x.place limit 1
      ) l
    ) o
  ), bounds as materialized (
    select p.step_id, sum(p.n) as n, count(distinct p.run_id) as runs, sum(p.mean * p.n) / sum(p.n) as mean_ms, min(p.least_ms) as least_ms, max(p.most_ms) as most_ms,
      sum(p.deviations) as deviations from pieces p where p.is_as_planned group by p.step_id
  ), ranked as (
    select p.step_id, p.mean, sum(p.n) over (partition by p.step_id order by p.mean, p.run_id rows unbounded preceding) as upto, b.n
    from pieces p join bounds b on b.step_id = p.step_id where p.is_as_planned
  ), middles as (
    select r.step_id, min(r.mean) filter (where r.upto >= 0.05 * r.n) as p05, min(r.mean) filter (where r.upto >= 0.5 * r.n) as p50,
      min(r.mean) filter (where r.upto >= 0.95 * r.n) as p95 from ranked r group by r.step_id
  ), bins as (
    select p.step_id, least(greatest(width_bucket(p.mean, b.least_ms, b.most_ms + 1e-6, c_bins), 1), c_bins) as bin, sum(p.n) as n
    from pieces p join bounds b on b.step_id = p.step_id where p.is_as_planned group by p.step_id, 2
  ), drawn as (
    select g.step_id, jsonb_agg(coalesce(x.n, 0) order by g.bin) as counts
    from (select b.step_id, bin from bounds b cross join generate_series(1, c_bins) bin) g left join bins x on x.step_id = g.step_id and x.bin = g.bin group by g.step_id
  )
  select jsonb_build_object('runs', (select count(*) from chosen), 'since', (select min(c.start_time) from chosen c),
    'is_summed', (select coalesce(bool_or(c.level > 0), false) from chosen c),
    'steps', coalesce(jsonb_agg(jsonb_build_object('step_id', l.id, 'planned_ms', l.planned_ms, 'measured', coalesce(b.n, 0), 'runs', coalesce(b.runs, 0),
      'otherwise', (select coalesce(sum(p.n), 0) from pieces p where p.step_id = l.id and not p.is_as_planned),
      'mean_ms', b.mean_ms, 'least_ms', b.least_ms, 'p05_ms', m.p05, 'p50_ms', m.p50, 'p95_ms', m.p95, 'most_ms', b.most_ms,
      'deviations', coalesce(b.deviations, 0), 'bins', coalesce(d.counts, '[]'))
      order by l.place), '[]'))
  into v_answer
  from leaves l left join bounds b on b.step_id = l.id left join middles m on m.step_id = l.id left join drawn d on d.step_id = l.id;
  return v_answer;
end
$$;
comment on function public.recipe_durations(uuid, integer) is
  'How long each step of a recipe really took, in ms by the controller''s clock, over its newest p_runs runs (at most 50): how many were measured, '
  'mean, least, most, 5th, 50th and 95th percentile, and how many lie in each of 24 equal parts from the least to the most. Executions that '
  'were planned to last otherwise than the recipe says now are counted apart (otherwise). Steps of long runs count by the mean of sixteen or more (is_summed).';

create function public.recipe_parts() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'machine_types', (select coalesce(jsonb_agg(t.machine_type order by t.machines desc, t.machine_type), '[]') from (
      -- That of most machines first: it is what somebody who writes a new recipe most likely means.
      select x.machine_type, count(m.id) filter (where m.is_active) as machines
      from (select m.machine_type from public.machines m where m.machine_type is not null union select r.machine_type from public.recipes r) x
      left join public.machines m on m.machine_type = x.machine_type group by x.machine_type) t),
    'parameters', (select coalesce(jsonb_agg(to_jsonb(p) order by p.machine_type, p.name), '[]') from (
      select distinct on (m.machine_type, d.name) d.parameter_id as id, m.machine_type, d.name, d.unit, d.min_value, d.max_value
      from public.machine_parameters d join public.machines m on m.id = d.machine_id
      where d.is_writable and m.is_active order by m.machine_type, d.name, m.serial_number) p))
$$;
comment on function public.recipe_parts() is
  'What a recipe can be written with: types of machines, and of each type the parameters that can be set, with their limits on its first machine.';

revoke execute on all functions in schema private from public;
grant execute on function private.program_or_fault(uuid) to authenticated, service_role;
revoke execute on function public.save_recipe(uuid, integer, jsonb, text, text), public.list_recipes(text, integer), public.recipe_page(uuid),
  public.recipe_version(uuid, integer), public.recipe_durations(uuid, integer), public.recipe_parts() from public, anon, service_role;
grant execute on function public.save_recipe(uuid, integer, jsonb, text, text) to authenticated;
grant execute on function public.list_recipes(text, integer), public.recipe_page(uuid), public.recipe_version(uuid, integer),
  public.recipe_durations(uuid, integer), public.recipe_parts() to authenticated, service_role;

/* rollback
drop function if exists public.save_recipe(uuid, integer, jsonb, text, text), public.list_recipes(text, integer), public.recipe_page(uuid),
  public.recipe_version(uuid, integer), public.recipe_durations(uuid, integer), public.recipe_parts();
drop trigger if exists t20_keep_version on public.recipes;
drop function if exists private.write_recipe(public.recipes, jsonb), private.write_steps(uuid, uuid, jsonb, text, integer, jsonb),
  private.recipe_fault(jsonb, text), private.recipe_step_fault(jsonb), private.is_words(jsonb, integer), private.is_whole(jsonb, numeric, numeric),
  private.is_number(jsonb, numeric, numeric), private.recipes_keep_version(), private.keep_recipe_version(uuid), private.program_or_fault(uuid);
drop table if exists public.recipe_versions;
drop function if exists private.recipe_versions_are_kept();
rollback */
