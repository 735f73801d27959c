-- Demo data: five people and an autopilot, four machines, four recipes, and a month of finished runs with a few
-- deviations worth finding. Everything random comes from one fixed seed; only "today" moves.
-- Run once on a fresh database, as postgres, after the migrations.

create function pg_temp.chance(p_key text) returns double precision
language sql immutable as $$ select ('x' || substr(md5('pulseboard 2026 ' || p_key), 1, 8))::bit(32)::bigint / 4294967296.0 $$;

-- Sum of four uniform numbers: close to a normal distribution, mean 0, standard deviation 1.
create function pg_temp.noise(p_key text) returns double precision
language sql immutable as $$
  select (pg_temp.chance(p_key || 'a') + pg_temp.chance(p_key || 'b') + pg_temp.chance(p_key || 'c') + pg_temp.chance(p_key || 'd') - 2) * sqrt(3.0)
$$;

create function pg_temp.id(p_kind text, p_number integer) returns uuid
language sql immutable as $$ select md5('pulseboard demo ' || p_kind || ' ' || p_number)::uuid $$;

-- When the lab went live: before everything it did.
create function pg_temp.opened() returns timestamptz language sql stable as $$ select now() - interval '60 days' $$;

-- People. The password of every demo user is "pulseboard".
insert into auth.users (
  id, instance_id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
  confirmation_token, recovery_token, email_change_token_new, email_change)
select pg_temp.id('person', u.number), '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated',
  u.email, extensions.crypt('pulseboard', extensions.gen_salt('bf', 8)), now(),
  '{"provider": "email", "providers": ["email"]}', jsonb_build_object('full_name', u.full_name), pg_temp.opened(), pg_temp.opened(),
  '', '', '', ''
from (values
  (1, 'viewer@pulseboard.local', 'Vera Lind'), (2, 'operator@pulseboard.local', 'Omar Haddad'),
  (3, 'operator2@pulseboard.local', 'Olga Petrova'), (4, 'engineer@pulseboard.local', 'Emil Sørensen'),
  (5, 'admin@pulseboard.local', 'Ada Kim'), (6, 'autopilot@pulseboard.local', 'Demo autopilot')
) u (number, email, full_name);

insert into public.profiles (id, username, full_name, email, role, created_at, updated_at)
select u.id, split_part(u.email, '@', 1), u.raw_user_meta_data ->> 'full_name', u.email,
  case split_part(u.email, '@', 1) when 'operator2' then 'operator' when 'autopilot' then 'operator' else split_part(u.email, '@', 1) end,
  u.created_at, u.created_at
from auth.users u where u.email like '%@pulseboard.local';

-- Machines: two that deposit, one idle, one in error. A controller that claims an offline machine makes it idle.
insert into public.machines (
  id, serial_number, name, location, lab_name, lab_institution, model, machine_type, status, timezone, install_date,
  last_maintenance_date, admin_id, is_virtual, virtual_config, created_at)
select pg_temp.id('machine', m.number), m.serial_number, m.serial_number, m.location, 'Thin Film Lab', 'Pulseboard Demo', m.model,
  'thermal-ald', m.status, 'UTC', now() - interval '3 years', now() - make_interval(days => 12 + m.number),
  pg_temp.id('person', 5), true, '{"driver": "simulated"}', pg_temp.opened()
from (values
  (1, 'ALD-01', 'Bay 1', 'Simulated reactor 200', 'offline'), (2, 'ALD-02', 'Bay 1', 'Simulated reactor 200', 'offline'),
  (3, 'ALD-03', 'Bay 2', 'Simulated reactor 300', 'offline'), (4, 'ALD-04', 'Bay 2', 'Simulated reactor 300', 'error')
) m (number, serial_number, location, model, status);

insert into public.user_machine_assignments (user_id, machine_id, role, assigned_by, assigned_at, created_at, updated_at)
select pg_temp.id('person', a.person), pg_temp.id('machine', a.machine), 'operator', pg_temp.id('person', 5), pg_temp.opened(), pg_temp.opened(), pg_temp.opened()
from (values (2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 3), (4, 1), (4, 2), (4, 3), (4, 4), (6, 1), (6, 2)) a (person, machine);

-- Components and parameters.
insert into public.component_definitions (id, name, type, vendor) values
  (pg_temp.id('kind', 1), 'ALD valve', 'valve', 'demo'), (pg_temp.id('kind', 2), 'Mass flow controller', 'mfc', 'demo'),
  (pg_temp.id('kind', 3), 'Pressure gauge', 'gauge', 'demo'), (pg_temp.id('kind', 4), 'Heater', 'heater', 'demo'),
  (pg_temp.id('kind', 5), 'Vacuum pump', 'pump', 'demo');
insert into public.component_parameter_definitions (id, component_definition_id, name, description, unit, default_min, default_max, is_writable) values
  (pg_temp.id('parameter', 1), pg_temp.id('kind', 3), 'chamber_pressure', 'Pressure in the reaction chamber', 'Torr', 0, 10, false),
  (pg_temp.id('parameter', 2), pg_temp.id('kind', 5), 'pump_pressure', 'Pressure at the pump inlet', 'Torr', 0, 10, false),
  (pg_temp.id('parameter', 3), pg_temp.id('kind', 4), 'chamber_temperature', 'Temperature of the chamber', '°C', 0, 500, true),
  (pg_temp.id('parameter', 4), pg_temp.id('kind', 2), 'carrier_flow', 'Flow of the carrier gas', 'sccm', 0, 500, true),
  (pg_temp.id('parameter', 5), pg_temp.id('kind', 4), 'precursor_1_temperature', 'Temperature of the first source', '°C', 0, 250, true),
  (pg_temp.id('parameter', 6), pg_temp.id('kind', 4), 'precursor_2_temperature', 'Temperature of the second source', '°C', 0, 250, true);
insert into public.machine_components (id, machine_id, name, type, definition_id)
select pg_temp.id('component ' || c.name, m), pg_temp.id('machine', m), c.name, c.type, pg_temp.id('kind', c.kind)
from generate_series(1, 4) m
cross join (values
  ('Valve 1', 'valve', 1), ('Valve 2', 'valve', 1), ('Valve 3', 'valve', 1), ('Valve 4', 'valve', 1), ('Valve 5', 'valve', 1), ('Valve 6', 'valve', 1),
  ('Chamber gauge', 'gauge', 3), ('Pump', 'pump', 5), ('Chamber heater', 'heater', 4), ('Carrier MFC', 'mfc', 2),
  ('Precursor 1 heater', 'heater', 4), ('Precursor 2 heater', 'heater', 4)
) c (name, type, kind);
insert into public.component_parameters (id, component_id, definition_id, min_value, max_value, current_value, set_value, is_writable, show_in_graph)
select pg_temp.id('value ' || p.definition, m), pg_temp.id('component ' || p.component, m), pg_temp.id('parameter', p.definition),
  p.low, p.high, p.value, p.set_value, p.set_value is not null, p.definition in (1, 3, 4)
from generate_series(1, 4) m
cross join (values
  (1, 'Chamber gauge', 0, 10, 0.42, null::double precision), (2, 'Pump', 0, 10, 0.11, null), (3, 'Chamber heater', 0, 400, 200, 200),
  (4, 'Carrier MFC', 0, 500, 150, 150), (5, 'Precursor 1 heater', 0, 250, 22, 22), (6, 'Precursor 2 heater', 0, 250, 22, 22)
) p (definition, component, low, high, value, set_value);

-- Recipes, with the pulses and purges of published standard processes (0.1/3/0.1/4 s for Al2O3 at 200 °C).
insert into public.recipes (id, name, description, version, created_by, substrate, chamber_temperature_set_point, pressure_set_point, created_at, updated_at)
select pg_temp.id('recipe', r.number), r.name, r.description, r.version, pg_temp.id('person', 4), 'Si (100)', r.temperature, 0.4, pg_temp.opened(), pg_temp.opened()
from (values
  (1, 'Al2O3 200 °C, 100 cycles', 'TMA and water, about 10 nm', 3, 200.0),
  (2, 'TiO2 150 °C, 150 cycles', 'TiCl4 and water, amorphous', 2, 150.0),
  (3, 'HfO2 250 °C, 60 cycles', 'TEMAHf and water, long doses', 1, 250.0),
  (4, 'Al2O3/TiO2 nanolaminate', 'Five bilayers of 20 Al2O3 and 10 TiO2 cycles', 4, 150.0)
) r (number, name, description, version, temperature);

create temporary table demo_step (recipe integer, number integer, parent integer, name text, type text, valve integer, ms integer, times integer, flow numeric);
insert into demo_step values
  (1, 1, null, 'Stabilise', 'purge', null, 10000, null, 150),
  (1, 2, null, 'Al2O3 cycle', 'loop', null, null, 100, null),
  (1, 3, 2, 'TMA pulse', 'valve', 1, 100, null, null), (1, 4, 2, 'TMA purge', 'purge', null, 3000, null, 150),
  (1, 5, 2, 'H2O pulse', 'valve', 2, 100, null, null), (1, 6, 2, 'H2O purge', 'purge', null, 4000, null, 150),
  (1, 7, null, 'Final purge', 'purge', null, 20000, null, 200),
  (2, 1, null, 'Stabilise', 'purge', null, 10000, null, 150),
  (2, 2, null, 'TiO2 cycle', 'loop', null, null, 150, null),
  (2, 3, 2, 'TiCl4 pulse', 'valve', 3, 100, null, null), (2, 4, 2, 'TiCl4 purge', 'purge', null, 4000, null, 150),
  (2, 5, 2, 'H2O pulse', 'valve', 2, 100, null, null), (2, 6, 2, 'H2O purge', 'purge', null, 5000, null, 150),
  (2, 7, null, 'Final purge', 'purge', null, 20000, null, 200),
  (3, 1, null, 'Stabilise', 'purge', null, 15000, null, 200),
  (3, 2, null, 'HfO2 cycle', 'loop', null, null, 60, null),
  (3, 3, 2, 'TEMAHf pulse', 'valve', 4, 1600, null, null), (3, 4, 2, 'TEMAHf purge', 'purge', null, 15000, null, 200),
  (3, 5, 2, 'H2O pulse', 'valve', 2, 100, null, null), (3, 6, 2, 'H2O purge', 'purge', null, 10000, null, 200),
  (3, 7, null, 'Final purge', 'purge', null, 30000, null, 200),
  (4, 1, null, 'Stabilise', 'purge', null, 10000, null, 150),
  (4, 2, null, 'Bilayer', 'loop', null, null, 5, null),
  (4, 3, 2, 'Al2O3 layer', 'loop', null, null, 20, null),
  (4, 4, 3, 'TMA pulse', 'valve', 1, 100, null, null), (4, 5, 3, 'TMA purge', 'purge', null, 3000, null, 150),
  (4, 6, 3, 'H2O pulse', 'valve', 2, 100, null, null), (4, 7, 3, 'H2O purge', 'purge', null, 4000, null, 150),
  (4, 8, 2, 'TiO2 layer', 'loop', null, null, 10, null),
  (4, 9, 8, 'TiCl4 pulse', 'valve', 3, 100, null, null), (4, 10, 8, 'TiCl4 purge', 'purge', null, 4000, null, 150),
  (4, 11, 8, 'H2O pulse', 'valve', 2, 100, null, null), (4, 12, 8, 'H2O purge', 'purge', null, 5000, null, 150),
  (4, 13, null, 'Final purge', 'purge', null, 20000, null, 200);
insert into public.recipe_steps (id, recipe_id, sequence_number, name, type, parent_step_id)
select pg_temp.id('step of recipe ' || s.recipe, s.number), pg_temp.id('recipe', s.recipe), s.number, s.name, s.type,
  case when s.parent is not null then pg_temp.id('step of recipe ' || s.recipe, s.parent) end
from demo_step s order by s.recipe, s.number;
insert into public.valve_step_config (step_id, valve_id, valve_number, duration_ms)
select pg_temp.id('step of recipe ' || recipe, number), 'valve_' || valve, valve, ms from demo_step where type = 'valve';
insert into public.purge_step_config (step_id, duration_ms, gas_type, flow_rate)
select pg_temp.id('step of recipe ' || recipe, number), ms, 'N2', flow from demo_step where type = 'purge';
insert into public.loop_step_config (step_id, iteration_count)
select pg_temp.id('step of recipe ' || recipe, number), times from demo_step where type = 'loop';
insert into public.recipe_parameters (recipe_id, parameter_name, parameter_value, parameter_unit, min_value, max_value, is_critical)
select r.id, p.name, coalesce(p.value, r.chamber_temperature_set_point), p.unit,
  coalesce(p.value, r.chamber_temperature_set_point) - p.band, coalesce(p.value, r.chamber_temperature_set_point) + p.band, p.band < 10
from public.recipes r
cross join (values ('chamber_temperature', null::numeric, '°C', 5), ('carrier_flow', 150, 'sccm', 15)) p (name, value, unit, band)
where r.id in (select pg_temp.id('recipe', n) from generate_series(1, 4) n);

-- What the recipes said before, and why they say something else now.
insert into public.recipe_versions (recipe_id, version, program, note, author_id, created_at)
select pg_temp.id('recipe', v.recipe), v.version,
  c.program || jsonb_build_object('totals', (select to_jsonb(t) from private.program_totals(c.program -> 'steps') t)),
  v.note, pg_temp.id('person', 4), pg_temp.opened() - make_interval(days => 9 * (w.version - v.version))
from (values
  (1, 1, '{steps,1,iteration_count}', '80', '{steps,1,children,3,duration_ms}', '2500', 'First try'),
  (1, 2, '{steps,1,iteration_count}', '100', '{steps,1,children,3,duration_ms}', '3000', 'Full thickness'),
  (1, 3, '{}', null, '{}', null, 'Longer water purge: the pressure had not come back'),
  (2, 1, '{steps,1,children,1,duration_ms}', '3000', '{steps,0,duration_ms}', '5000', 'First try'),
  (2, 2, '{}', null, '{}', null, 'TiCl4 takes longer to leave'),
  (3, 1, '{}', null, '{}', null, 'Doses after the supplier''s note'),
  (4, 3, '{steps,1,iteration_count}', '4', '{steps,2,duration_ms}', '10000', 'Four bilayers'),
  (4, 4, '{}', null, '{}', null, 'Five, as the design asks for')
) v (recipe, version, path, value, other_path, other_value, note)
join public.recipes w on w.id = pg_temp.id('recipe', v.recipe)
cross join lateral (select private.program_of(w.id) as program) n
cross join lateral (
  select case when v.value is null then n.program
    else jsonb_set(jsonb_set(jsonb_set(n.program, v.path::text[], v.value::jsonb), v.other_path::text[], v.other_value::jsonb), '{recipe,version}', to_jsonb(v.version)) end as program
) c
on conflict do nothing;

-- A month of runs: about one a day on each machine. fault says what an engineer should find in it.
create temporary table demo_run as
select
  row_number() over (order by d.day desc, m.machine)::integer as number, m.machine, 1 + (d.day + m.machine) % 4 as recipe,
  now() - make_interval(days => d.day, mins => 95 + m.machine * 37 + (pg_temp.chance(format('minute %s %s', d.day, m.machine)) * 240)::integer) as start_time,
  case
    when m.machine = 4 and d.day = 0 then 'hot'
    when (d.day, m.machine) in ((2, 1), (17, 3)) then 'slow valve'
    when (d.day, m.machine) in ((5, 2)) then 'drift'
    when (d.day, m.machine) in ((8, 3), (21, 4)) then 'missed pulse'
    when (d.day, m.machine) in ((11, 1), (26, 2)) then 'stuck purge'
    when (d.day, m.machine) in ((4, 3), (14, 2), (24, 1)) then 'stopped'
  end as fault
from generate_series(0, 29) d (day) cross join generate_series(1, 4) m (machine)
where (d.day > 0 or m.machine = 4) and pg_temp.chance(format('day %s %s', d.day, m.machine)) > 0.12;
alter table demo_run add column operator integer;
update demo_run set operator = case when machine in (1, 3) and pg_temp.chance('operator ' || number) > 0.5 then 3 else 2 end;
-- A run that was stopped or failed was cut in the middle of this step, a purge.
alter table demo_run add column cut integer;
update demo_run set cut = 61 + 2 * (pg_temp.chance('end ' || number) * 75)::integer where fault in ('stopped', 'hot');

-- Every program unrolled once, in playing order.
create temporary table demo_leaf as
with recursive walk as (
  select s.recipe, s.number, s.type, array[s.number] as sort_key, '{}'::integer[] as loop_path, null::integer as loops_in, 0 as times
  from demo_step s where s.parent is null
  union all
  select c.recipe, c.number, c.type, w.sort_key || i.iteration || c.number, w.loop_path || i.iteration, w.number, l.times
  from walk w
  join demo_step l on l.recipe = w.recipe and l.number = w.number and l.type = 'loop'
  cross join lateral generate_series(1, l.times) i (iteration)
  join demo_step c on c.recipe = w.recipe and c.parent = w.number
  where w.type = 'loop'
), leaves as (
  select w.*, s.name, s.valve, s.ms, row_number() over (partition by w.recipe order by w.sort_key)::integer as seq
  from walk w join demo_step s on s.recipe = w.recipe and s.number = w.number where w.type <> 'loop'
)
select l.*, case when l.loops_in is not null then dense_rank() over (
    partition by l.recipe, l.loops_in is null order by l.sort_key[1 : cardinality(l.sort_key) - 1])::integer end as cycle
from leaves l;

-- What each step of each run measured, and when it began by the controller's clock. A run that was cut ends with the purge
-- that makes the machine safe, which is in no recipe.
create temporary table demo_execution as
with played as (
  select r.number as run, r.start_time, r.fault, r.cut, l.recipe, l.number, l.type, l.name, l.valve, l.ms, l.seq, l.loop_path, l.times, l.cycle
  from demo_run r join demo_leaf l on l.recipe = r.recipe where r.cut is null or l.seq <= r.cut
  union all
  select r.number, r.start_time, r.fault, r.cut, r.recipe, null, 'purge', 'Safe end: N2 purge', null, 500, r.cut + 1, '{}', 0, null
  from demo_run r where r.cut is not null
), measured as (
  select l.*,
    round((case
      when l.seq = l.cut then l.ms * (0.25 + 0.5 * pg_temp.chance('cut ' || l.run))
      when l.type = 'valve' then l.ms + 2.4 + 0.5 * pg_temp.noise(format('%s/%s', l.run, l.seq))
        + case
            when l.fault = 'slow valve' and l.valve <> 2 and l.cycle between 41 and 60 then l.ms * 0.5
            when l.fault = 'drift' and l.valve <> 2 then l.cycle * 0.35
            else 0 end
      else l.ms + 1.1 + 0.6 * pg_temp.noise(format('%s/%s', l.run, l.seq))
        + case when l.fault = 'stuck purge' and l.cycle = 37 and l.name like 'H2O%' then 8200 else 0 end
    end)::numeric, 3) as measured_ms
  from played l
)
select m.*, m.start_time + make_interval(secs => 0.8 + coalesce(sum(m.measured_ms) over (
    partition by m.run order by m.seq rows between unbounded preceding and 1 preceding), 0)::double precision / 1000) as device_started_at,
  max(m.seq) over (partition by m.run) as last_seq
from measured m;
create index on demo_execution (run);
analyze demo_execution;

alter table public.process_executions disable trigger user;
alter table public.step_execution_history disable trigger user;
insert into public.operator_sessions (id, operator_id, machine_id, session_start_time, session_end_time, session_status)
select pg_temp.id('session', r.number), pg_temp.id('person', r.operator), pg_temp.id('machine', r.machine), r.start_time, r.start_time, 'ended' from demo_run r;
insert into public.process_executions (
  id, session_id, machine_id, recipe_id, recipe_version, start_time, end_time, operator_id, status, parameters,
  end_reason, total_steps, total_cycles, planned_ms, last_seq, created_at, updated_at)
select pg_temp.id('run', r.number), pg_temp.id('session', r.number), pg_temp.id('machine', r.machine), pg_temp.id('recipe', r.recipe),
  p.program, r.start_time, e.end_time, pg_temp.id('person', r.operator),
  case r.fault when 'stopped' then 'aborted' when 'hot' then 'failed' else 'completed' end::public.process_status,
  '{"driver": "simulated", "speed": 1, "is_simulated": true}',
  case r.fault when 'stopped' then 'aborted' when 'hot' then 'failed' else 'completed' end,
  (p.program #>> '{totals,steps}')::integer, (p.program #>> '{totals,cycles}')::integer, (p.program #>> '{totals,planned_ms}')::bigint,
  e.last_seq, r.start_time, e.end_time
from demo_run r
join (select n as recipe, private.program_of(pg_temp.id('recipe', n)) as program from generate_series(1, 4) n) p on p.recipe = r.recipe
join (select run, max(last_seq) as last_seq, max(device_started_at + make_interval(secs => measured_ms::double precision / 1000)) + interval '60 milliseconds' as end_time
  from demo_execution group by run) e on e.run = r.number;
update public.operator_sessions s set process_execution_id = r.id, session_end_time = r.end_time
from public.process_executions r where r.session_id = s.id and s.process_execution_id is null;

insert into public.step_execution_history (
  id, process_id, seq, step_number, step_type, step_name, started_at, ended_at, parameters, created_at, recipe_step_id, loop_path,
  cycle, planned_ms, measured_ms, device_started_at, end_reason, pulse)
select md5(format('execution %s %s', e.run, e.seq))::uuid, pg_temp.id('run', e.run), e.seq, e.seq, e.type, e.name,
  e.device_started_at + interval '40 milliseconds',
  coalesce(lead(e.device_started_at) over run_steps + interval '40 milliseconds', r.end_time),
  jsonb_strip_nulls(jsonb_build_object(
    'valve_number', e.valve, 'valve_duration_ms', case when e.type = 'valve' then e.ms end,
    'purge_duration_ms', case when e.type = 'purge' then e.ms end,
    'loop_count', nullif(e.times, 0), 'loop_iteration', e.loop_path[cardinality(e.loop_path)])),
  e.device_started_at, pg_temp.id('step of recipe ' || e.recipe, e.number), e.loop_path, e.cycle, e.ms, e.measured_ms, e.device_started_at,
  case when e.seq < least(e.cut, e.last_seq) then 'next' else r.end_reason end,
  case when e.type = 'valve' then (
    select jsonb_build_object('peak_torr', round(p.peak::numeric, 4), 'baseline_torr', 0.42,
      'area_torr_s', round((p.peak * (0.35 + e.measured_ms / 1000.0))::numeric, 5))
    from (select (case when e.valve = 2 then 0.119 else 0.055 end) * (1 + 0.05 * pg_temp.noise(format('peak %s/%s', e.run, e.seq)))
      * case when e.fault = 'missed pulse' and e.valve <> 2 and e.cycle = 23 then 0.02 else 1 end as peak) p
  ) end
from demo_execution e
join public.process_executions r on r.id = pg_temp.id('run', e.run)
window run_steps as (partition by e.run order by e.seq);
update public.process_executions r set deviation_count = d.deviations
from (select process_id, count(*) filter (where is_deviation) as deviations from public.step_execution_history group by process_id) d
where d.process_id = r.id;
alter table public.step_execution_history enable trigger user;
-- The triggers that sum the history up were off as well.
do $$ begin perform private.roll_up_run(r.id), private.keep_run_card(r.id) from public.process_executions r; end $$;

insert into public.process_execution_state (execution_id, total_overall_steps, current_overall_step, current_step_index, current_seq, progress, last_updated, created_at)
select r.id, r.total_steps, r.last_seq, r.last_seq - 1, r.last_seq, jsonb_build_object('total_steps', r.total_steps,
  'completed_steps', h.steps, 'total_cycles', r.total_cycles, 'completed_cycles', coalesce(h.cycles, 0), 'planned_elapsed_ms', h.planned_ms), r.end_time, r.start_time
from public.process_executions r
join (
  select e.run, count(*) as steps, sum(e.ms) as planned_ms, max(e.cycle) - (max(e.cut) is not null)::integer as cycles
  from demo_execution e where e.seq < coalesce(e.cut, e.seq + 1) group by e.run
) h on pg_temp.id('run', h.run) = r.id;

-- The minute before the step that was cut.
create function pg_temp.runs_away(p_run integer) returns timestamptz
language sql stable as $$
  select e.device_started_at + make_interval(secs => e.measured_ms::double precision / 1000 - 60) from demo_execution e where e.run = p_run and e.seq = e.cut
$$;

-- Telemetry: chamber pressure at the peak of each pulse and between pulses, the slow values every tenth step.
insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp", created_at)
select r.id, pg_temp.id('value 1', d.machine),
  round((case when h.step_type = 'valve' then 0.42 + (h.pulse ->> 'peak_torr')::double precision
    else 0.42 + 0.003 * pg_temp.noise('pressure ' || h.id) end)::numeric, 4)::double precision, null,
  h.device_started_at + make_interval(secs => h.measured_ms::double precision / 1000 * case when h.step_type = 'valve' then 1 else 0.9 end), h.started_at
from demo_run d
join public.process_executions r on r.id = pg_temp.id('run', d.number)
join public.step_execution_history h on h.process_id = r.id;
insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp", created_at)
select r.id, pg_temp.id('value ' || p.definition, d.machine),
  round((p.set_point + p.spread * pg_temp.noise(format('slow %s %s', p.definition, h.id)))::numeric, 2)::double precision,
  p.set_point, h.device_started_at, h.started_at
from demo_run d
join public.process_executions r on r.id = pg_temp.id('run', d.number)
join public.step_execution_history h on h.process_id = r.id and h.seq % 10 = 1
cross join lateral (values
  (3, (r.recipe_version #>> '{recipe,chamber_temperature_set_point}')::double precision, 0.2), (4, 150.0, 1.5)
) p (definition, set_point, spread)
where p.definition <> 3 or d.fault is distinct from 'hot' or h.device_started_at < pg_temp.runs_away(d.number);
-- The heater that ran away: read every second, up to the reading that ended the run; the run and its machine tell that one.
insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp", created_at)
select pg_temp.id('run', d.number), pg_temp.id('value 3', d.machine), round((200 + 31.4 * s / 60 + 0.1 * (s % 60 > 0)::integer * pg_temp.noise('hot ' || s))::numeric, 1),
  200, pg_temp.runs_away(d.number) + make_interval(secs => s), pg_temp.runs_away(d.number) + make_interval(secs => s)
from demo_run d, generate_series(0, 60) s where d.fault = 'hot';
update public.process_executions r set error_message = format('Chamber temperature %s °C left the window %s ± %s °C; heater relay stayed closed.',
  t.reached, t.wanted, t.band)
from (
  select d.process_id, max(d.value) as reached, w.value as wanted, w.max - w.value as band
  from public.process_executions x
  join public.process_data_points d on d.process_id = x.id
  join public.machine_parameters p using (parameter_id)
  cross join lateral jsonb_to_recordset(x.recipe_version -> 'parameters') w (name text, value numeric, max numeric)
  where x.status = 'failed' and p.name = 'chamber_temperature' and w.name = p.name group by d.process_id, w.value, w.max
) t where t.process_id = r.id;
alter table public.process_executions enable trigger user;

-- The ledger and the audit of those runs.
insert into public.machine_commands (id, machine_id, run_id, recipe_id, kind, status, requested_by, requested_at, accepted_at, executing_at, settled_at)
select pg_temp.id('start command', d.number), r.machine_id, r.id, r.recipe_id, 'start', 'succeeded', r.operator_id,
  r.start_time, r.start_time + interval '120 milliseconds', r.start_time + interval '180 milliseconds', r.start_time + interval '840 milliseconds'
from demo_run d join public.process_executions r on r.id = pg_temp.id('run', d.number);
insert into public.machine_commands (id, machine_id, run_id, kind, mode, status, reason, requested_by, requested_at, accepted_at, executing_at, settled_at)
select pg_temp.id('stop command', d.number), r.machine_id, r.id, 'stop', 'now', 'succeeded', 'Wafer slipped off its pins', r.operator_id,
  e.device_started_at - interval '150 milliseconds', e.device_started_at + interval '30 milliseconds', e.device_started_at + interval '50 milliseconds', r.end_time
from demo_run d join public.process_executions r on r.id = pg_temp.id('run', d.number)
join demo_execution e on e.run = d.number and e.seq = d.cut + 1 where d.fault = 'stopped';

-- Where that left the machines: a controller that was shut down leaves one offline, a failure stays until it is cleared.
create temporary table demo_last as
select distinct on (r.machine_id) r.machine_id, r.id as run_id, r.status, r.end_time, r.error_message,
  case r.status when 'failed' then r.end_time else r.end_time + interval '25 minutes' end as state_since,
  (r.recipe_version #>> '{recipe,chamber_temperature_set_point}')::double precision as chamber_c
from public.process_executions r order by r.machine_id, r.start_time desc;
update public.machine_state s set state_since = l.state_since, failure_description = l.error_message from demo_last l where l.machine_id = s.machine_id;
update public.component_parameters p set current_value = l.chamber_c, set_value = l.chamber_c
from demo_last l, public.machine_components c
where c.machine_id = l.machine_id and p.component_id = c.id and c.name = 'Chamber heater';

insert into public.audit_log (at, actor_id, actor_role, action, machine_id, run_id, command_id, before, after, reason)
select a.* from (
  select c.requested_at as at, c.requested_by as actor_id, 'operator' as actor_role, 'command_requested' as action, c.machine_id, null::uuid as run_id,
    c.id as command_id, null::jsonb as before, jsonb_build_object('kind', c.kind, 'mode', c.mode) as after, c.reason
  from public.machine_commands c
  union all
  select x.at, x.actor_id, x.actor_role, 'run_status', r.machine_id, r.id, null, x.before, x.after, x.reason
  from public.process_executions r
  cross join lateral (values
    (r.start_time, r.operator_id, 'operator', null::jsonb, '{"status": "preparing", "last_seq": 0}'::jsonb, null),
    (r.start_time + interval '840 milliseconds', null, 'service_role', '{"status": "preparing"}', '{"status": "running", "last_seq": 1}', null),
    (r.end_time, null, 'service_role', '{"status": "running"}', jsonb_build_object('status', r.status, 'last_seq', r.last_seq), coalesce(r.error_message, r.end_reason))
  ) x (at, actor_id, actor_role, before, after, reason)
  union all
  select x.at, x.actor_id, x.actor_role, 'machine_status', r.machine_id, r.id, null,
    jsonb_build_object('status', x.before), jsonb_build_object('status', x.after), null
  from public.process_executions r
  left join public.machine_commands c on c.run_id = r.id and c.kind = 'stop'
  cross join lateral (values
    (r.start_time, r.operator_id, 'operator', 'idle', 'processing'),
    (c.requested_at, r.operator_id, 'operator', 'processing', 'stopping'),
    (r.end_time, null, 'service_role', case when c.id is null then 'processing' else 'stopping' end, case r.status when 'failed' then 'error' else 'idle' end)
  ) x (at, actor_id, actor_role, before, after)
  where x.at is not null
  union all
  select l.state_since, null, 'service_role', 'machine_status', l.machine_id, null, null, '{"status": "idle"}', '{"status": "offline"}', null
  from demo_last l where l.status <> 'failed'
) a
order by a.at;

-- A small work plan for the workflow tables.
insert into public.projects (external_id, name) values ('P1', 'Qualify ALD-03 for HfO2');
insert into public.subtasks (project_id, external_id, title, status, stage, order_index)
select p.id, s.external_id, s.title, s.status::public.status, s.stage::public.work_stage, s.number
from public.projects p, (values
  ('P1-1', 'Leak check and bake-out', 'completed', 'completed', 1), ('P1-2', 'Saturation series TEMAHf', 'in_progress', 'unit_testing', 2)
) s (external_id, title, status, stage, number) where p.external_id = 'P1';
insert into public.steps (project_id, subtask_id, step_number, step_type, instructions, status, assigned_to, context_files, attempt_count, last_error)
select t.project_id, t.id, s.number, s.type::public.step_type, s.instructions, s.status::public.status, s.assigned::public.assigned_to, '[]', s.attempts, s.error
from public.subtasks t, (values
  ('P1-1', 1, 'test', 'Rate of rise below 1 mTorr/min with all valves closed', 'completed', 'TaraAider', 1, null),
  ('P1-1', 2, 'implementation', 'Bake at 250 °C for 4 h', 'completed', 'DevonAider', 1, null),
  ('P1-2', 1, 'implementation', 'Pulse 0.4, 0.8, 1.6 and 3.2 s on four wafers', 'in_progress', 'DevonAider', 2, 'Second wafer slipped off the pins'),
  ('P1-2', 2, 'test', 'Growth per cycle within 3 % between 1.6 and 3.2 s', 'pending', 'TaraAider', 0, null)
) s (subtask, number, type, instructions, status, assigned, attempts, error) where t.external_id = s.subtask;
-- The first page is read before autovacuum has had a look at the new tables.
analyze;
