-- The recipes, one of them, and how long its steps really took.
set transaction isolation level repeatable read;
select plan(20);

create temporary table w on commit drop as
select tests.person('viewer') as viewer, tests.person(null) as unknown, tests.recipe(3) as unused, tests.recipe(2) as broken, gen_random_uuid() as good, gen_random_uuid() as other, r.* from tests.start_run(50) r;
select tests.act_as_owner();
grant select on w to public;
update public.recipes r set name = 'Never played', description = 'Fifty_percent 50% slower' from w where r.id = unused;
delete from public.purge_step_config p using public.recipe_steps s, w where p.step_id = s.id and s.recipe_id = w.broken;
-- As at commit.
set constraints all immediate;
set constraints all deferred;

create function pg_temp.listed(p_recipe uuid, p_text text default null) returns jsonb language sql as $$ select c from jsonb_array_elements(list_recipes(p_text) -> 'recipes') c where c ->> 'id' = p_recipe::text $$;
-- Two ended runs of the recipe that plays: 50 cycles of pulse (100 ms) and purge (3 s); the second was planned otherwise in its purges.
create function pg_temp.past(p_run uuid, p_purge integer, p_late double precision, p_steps integer default 100) returns void language plpgsql as $f$
begin
  set local session_replication_role = replica;
  insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status, start_time, end_time, last_seq, total_steps, total_cycles)
  select p_run, r.session_id, r.machine_id, r.recipe_id, r.recipe_version, r.operator_id, 'completed', '2026-01-01', '2026-01-02', p_steps, p_steps, p_steps / 2
  from public.process_executions r join w on w.run = r.id;
  insert into public.step_execution_history (process_id, seq, step_type, step_name, started_at, ended_at, end_reason, recipe_step_id, cycle, planned_ms, measured_ms, device_started_at, parameters)
  select p_run, g, s.type, s.name, '2026-01-01'::timestamptz + make_interval(secs => g - 1), '2026-01-01'::timestamptz + make_interval(secs => g), 'next', s.id, (g + 1) / 2,
    case s.type when 'valve' then 100 else p_purge end, case s.type when 'valve' then 100 + p_late else p_purge end, '2026-01-01'::timestamptz + make_interval(secs => g - 1),
    case s.type when 'valve' then '{"valve_number": 1}'::jsonb else '{}' end
  from w join public.recipe_steps s on s.recipe_id = w.recipe and s.type <> 'loop' cross join generate_series(1, p_steps) g where g % 2 = case s.type when 'valve' then 1 else 0 end;
  set local session_replication_role = origin;
  perform private.roll_up_run(p_run), private.keep_run_card(p_run);
end
$f$;
grant execute on all functions in schema pg_temp to public;

select tests.act_as(unknown) from w;
select is(list_recipes() - 'server_time', '{"total": 0, "recipes": []}', 'nobody without a profile is told of a recipe');
select is(recipe_page(recipe), null, 'nor of one by its id') from w;

select tests.act_as(viewer) from w;
select is((recipe_durations(recipe) ->> 'runs')::integer, 0, 'a run that has not played a step has measured nothing') from w;
select tests.act_as_owner();
select pg_temp.past(good, 3000, 2), pg_temp.past(other, 5000, 40) from w;
select tests.act_as(viewer) from w;
select is((list_recipes(null, 1) ->> 'total')::integer, 3, 'the list says how many there are');
select is(jsonb_array_length(list_recipes(null, 1) -> 'recipes'), 1, 'and is no longer than was asked for');
select is(list_recipes() #>> '{recipes,0,id}', recipe::text, 'what ran last comes first') from w;
select is(pg_temp.listed(recipe) - array['last_run', 'description'], jsonb_build_object('id', recipe, 'name', 'Test recipe', 'version', 1, 'machine_type', 'thermal-ald',
  'planned_ms', 155000, 'steps', 100, 'cycles', 50, 'runs', 3), 'with its totals and the number of its runs') from w;
select is(pg_temp.listed(recipe) #>> '{last_run,run_id}', run::text, 'and the last of them') from w;
select is((pg_temp.listed(recipe) -> 'planned_ms')::text || (pg_temp.listed(recipe) -> 'steps')::text || (pg_temp.listed(recipe) -> 'cycles')::text,
  (select (t -> 'planned_ms')::text || (t -> 'steps')::text || (t -> 'cycles')::text from (select recipe_program(recipe) -> 'totals' as t) p), 'which a start would freeze') from w;
select is((pg_temp.listed(broken)) -> 'planned_ms', 'null'::jsonb, 'a malformed recipe has no planned time') from w;
select ok(pg_temp.listed(unused, ' PLAYED 50% never ') is not null, 'every word is looked for as it is written') from w;
select is(pg_temp.listed(unused, '5_%'), null, 'and stands for nothing else') from w;

select is(recipe_page(recipe) -> 'program', recipe_program(recipe), 'a recipe shows what a start would freeze') from w;
select is(recipe_page(broken) ->> 'problem', 'steps[0].children[1]: this purge has no duration', 'or the place where it is malformed') from w;
select is(recipe_page(gen_random_uuid()), null, 'and nothing when it is not there');

-- Of the newest: what was planned as it is now is counted, what was not is counted apart.
create temporary table d on commit drop as select recipe_durations(recipe) as d from w;
select is((d ->> 'runs')::integer, 2, 'two runs have played steps') from d;
select is((d #> '{steps,0}') - array['step_id', 'bins'], '{"runs": 2, "measured": 100, "otherwise": 0, "planned_ms": 100, "mean_ms": 121, "least_ms": 102, "p05_ms": 102, "p50_ms": 102, "p95_ms": 140, "most_ms": 140, "deviations": 50}'::jsonb, 'how long the pulse took in both') from d;
select is((d #> '{steps,1}') - array['step_id', 'bins'], '{"runs": 1, "measured": 50, "otherwise": 50, "planned_ms": 3000, "mean_ms": 3000, "least_ms": 3000, "p05_ms": 3000, "p50_ms": 3000, "p95_ms": 3000, "most_ms": 3000, "deviations": 0}'::jsonb, 'and the purge in the one that planned it so') from d;
select is((d #> '{steps,0,bins,0}')::text || ' ' || (d #> '{steps,0,bins,23}')::text || ' ' || jsonb_array_length(d #> '{steps,0,bins}'), '50 50 24', 'the shortest in the first of 24 parts, the longest in the last') from d;

select tests.act_as_owner();
select pg_temp.past(gen_random_uuid(), 3000, 2, 2400);
select tests.act_as(viewer) from w;
select is((d ->> 'is_summed') || ' ' || (d #>> '{steps,0,measured}') || ' ' || (d #>> '{steps,0,most_ms}') || ' ' || (d #>> '{steps,0,p50_ms}'), 'true 1300 140 102', 'a long run is read by its sums, and loses nothing')
from (select recipe_durations(recipe) as d from w) x;

select * from finish();
