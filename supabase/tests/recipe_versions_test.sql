-- Recipes are written whole, as a new version, upon the version that was opened; what runs have frozen is not touched.
set transaction isolation level repeatable read;
select plan(62);

create temporary table w on commit drop as
select tests.person('engineer') as engineer, tests.person('engineer') as colleague, tests.person('admin') as admin, tests.person('viewer') as viewer,
  tests.person(null) as unknown, gen_random_uuid() as fresh, r.* from tests.start_run(2) r;
select tests.act_as_owner();
grant select on w to public;

-- A step of each kind, and programs around them.
create function pg_temp.step(p_type text, p_more jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('id', gen_random_uuid(), 'name', p_type, 'type', p_type) || case p_type
    when 'valve' then '{"valve_number": 1, "duration_ms": 100}'::jsonb when 'purge' then '{"duration_ms": 3000, "gas_type": "N2", "flow_rate": 150}'
    when 'wait' then '{"duration_ms": 70}' when 'loop' then '{"iteration_count": 5, "children": []}' else '{}' end || p_more $$;
create function pg_temp.program(p_steps jsonb, p_head jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('recipe', '{"name": "Written", "machine_type": "thermal-ald", "substrate": null, "chamber_temperature_set_point": 200, "pressure_set_point": 0.4}'::jsonb || p_head, 'steps', p_steps) $$;
create function pg_temp.save(p_expected integer, p_program jsonb, p_note text default null, p_tag text default null) returns jsonb language sql as $$
  select save_recipe(recipe, p_expected, p_program, p_note, p_tag) from w $$;
create function pg_temp.deep(p_depth integer) returns jsonb language sql as $$
  with recursive d (n, s) as (select 1, pg_temp.step('wait') union all select n + 1, pg_temp.step('loop', jsonb_build_object('children', jsonb_build_array(s))) from d where n < p_depth)
  select jsonb_build_array(s) from d where n = p_depth $$;
grant execute on all functions in schema pg_temp to public;
-- As at commit.
set constraints all immediate;
set constraints all deferred;

-- Who.
select tests.act_as(unknown) from w;
select is(pg_temp.save(1, pg_temp.program(pg_temp.deep(1))) ->> 'code', 'not_signed_in', 'nobody without a profile saves a recipe');
select tests.act_as(viewer) from w;
select is(pg_temp.save(1, pg_temp.program(pg_temp.deep(1))) ->> 'code', 'not_allowed', 'a viewer saves no recipe');
select is((select count(*) from recipe_versions), 1::bigint, 'but reads what was kept of the recipe that a run froze');
select tests.act_as(operator) from w;
select is(pg_temp.save(1, pg_temp.program(pg_temp.deep(1))) ->> 'code', 'not_allowed', 'nor does an operator');
select throws_ok('update public.recipes set name = ''mine''', '42501', null, 'who finds no other way in');
select throws_ok('insert into public.recipe_versions select * from public.recipe_versions', '42501', null, 'and no way to its past');
select tests.act_as_nobody();
select throws_ok('select save_recipe(gen_random_uuid(), 0, ''{}'')', '42501', null, 'nor does anybody who is not signed in');
select tests.act_as_controller();
select throws_ok('select save_recipe(gen_random_uuid(), 0, ''{}'')', '42501', null, 'nor a controller');

-- A new version.
select tests.act_as(engineer) from w;
create temporary table was on commit drop as select recipe_program(recipe) as program, (select r.recipe_version from process_executions r where r.id = run) as frozen from w;
select is((was.program - 'totals')::text, (v.program - 'totals')::text, 'the first version is kept as it was') from was, w join recipe_versions v on v.recipe_id = w.recipe and v.version = 1;
create temporary table first on commit drop as select pg_temp.save(1, pg_temp.program(jsonb_build_array(pg_temp.step('wait'),
  was.program #> '{steps,0}' || jsonb_build_object('iteration_count', 4, 'children', jsonb_build_array(was.program #> '{steps,0,children,1}', was.program #> '{steps,0,children,0}',
    pg_temp.step('loop', jsonb_build_object('children', jsonb_build_array(pg_temp.step('valve')))))))), '  shorter  ') as answer from was;
select is(answer ->> 'version', '2', 'an engineer saves the second') from first;
select is(answer #> '{program,totals}', '{"steps": 29, "cycles": 20, "planned_ms": 14470}'::jsonb, 'whose totals are counted') from first;
select is(recipe_program(recipe), answer -> 'program', 'it is the recipe now') from first, w;
select is(answer #>> '{program,steps,1,children,0,id}', was.program #>> '{steps,0,children,1,id}', 'a step that moved keeps its id') from first, was;
select is((v.version, v.note, v.author_id)::text, (2, 'shorter', engineer)::text, 'it is kept with its note and author') from w join recipe_versions v on v.recipe_id = w.recipe and v.version = 2;
select is(recipe_version(recipe, 1), was.program, 'beside the first') from w, was;
select is((select r.recipe_version from process_executions r where r.id = run), was.frozen, 'a run that plays the first is not touched') from w, was;
select is((select count(*) from recipe_steps s where s.recipe_id = w.recipe), 6::bigint, 'no step is left over') from w;
select tests.act_as_owner();
select results_eq($$ select l.actor_id, l.before ->> 'version', l.after ->> 'version', l.reason from audit_log l where l.action = 'recipe_saved' $$,
  $$ select engineer, '1', '2', 'shorter' from w $$, 'and it stands in the audit log');
select throws_ok('update public.recipe_versions set program = ''{}''', 'PT403', 'The recipe was not changed there: its versions are append-only.', 'nobody rewrites a version');

-- Two at once.
select tests.act_as(colleague) from w;
select is((pg_temp.save(1, pg_temp.program(pg_temp.deep(1)))) - array['ok', 'success', 'hint'], jsonb_build_object('code', 'recipe_changed',
  'message', 'The recipe was not saved: Written changed since you opened it, it was version 1 and is now version 2, saved by engineer in a test.',
  'details', jsonb_build_object('version', 2, 'program_tag', first.answer ->> 'program_tag')), 'who opened the first is told what is newer, and by whom') from first;
select is(pg_temp.save(2, pg_temp.program(pg_temp.deep(1)), null, 'v2-0') ->> 'code', 'recipe_changed', 'also where the version is the same and the program is not');
select is(pg_temp.save(2, pg_temp.program(pg_temp.deep(2)), null, answer ->> 'program_tag') ->> 'version', '3', 'saved upon the newest it is the next') from first;
create temporary table twice on commit drop as select pg_temp.program(pg_temp.deep(3)) as program;
select is(pg_temp.save(3, program, 'again') ->> 'version', '4', 'asked once') from twice;
select is(pg_temp.save(3, program, 'again') ->> 'version', '4', 'asked twice is asked once') from twice;
select tests.act_as(engineer) from w;
select is(pg_temp.save(3, program, 'again') ->> 'code', 'recipe_changed', 'but not by somebody else') from twice;
select is((select array_agg(v.version order by v.version) from recipe_versions v where v.recipe_id = w.recipe), array[1, 2, 3, 4], 'every version is kept') from w;

-- A recipe of one's own.
create temporary table own on commit drop as select pg_temp.program(pg_temp.deep(3)) as program;
grant select on own to public;
select is(save_recipe(fresh, 1, pg_temp.program(pg_temp.deep(1))) ->> 'code', 'recipe_not_found', 'a version of a recipe that is not there is none') from w;
select is(save_recipe(fresh, 0, pg_temp.program('[]')) ->> 'code', 'program_invalid', 'a recipe without steps is none') from w;
select is_empty('select 1 from recipes r join w on w.fresh = r.id', 'and leaves nothing behind');
select is(save_recipe(fresh, 0, program) ->> 'version', '1', 'an engineer makes a recipe') from w, own;
select is(save_recipe(fresh, 0, program) ->> 'version', '1', 'once, also when asked twice') from w, own;
select is(save_recipe(fresh, 0, pg_temp.program(pg_temp.deep(1))) ->> 'code', 'recipe_changed', 'and nobody makes it again') from w;
select tests.act_as(admin) from w;
select is(save_recipe(fresh, 1, program) ->> 'version', '2', 'an administrator saves one, too') from w, own;

-- What cannot be played, with its place.
select is(pg_temp.save(4, p) #> '{details}', jsonb_build_object('path', path, 'problem', problem), path || ': ' || problem)
from (values
  ('steps', 'the recipe has no list of steps', pg_temp.program('null')),
  ('steps', 'the recipe has no steps', pg_temp.program('[]')),
  ('steps[0]', 'this is no step', pg_temp.program('[7]')),
  ('steps[0]', 'the step has no id', pg_temp.program(jsonb_build_array(pg_temp.step('wait') - 'id'))),
  ('steps[0]', 'the step needs a name of 1 to 200 characters', pg_temp.program(jsonb_build_array(pg_temp.step('wait', '{"name": "\u200b "}')))),
  ('steps[0]', 'its type is none of valve, purge, wait, parameter, loop', pg_temp.program(jsonb_build_array(pg_temp.step('moon')))),
  ('steps[1]', 'the duration is not a whole number of ms from 1 to 604 800 000, which is a week', pg_temp.program(jsonb_build_array(pg_temp.step('wait'), pg_temp.step('valve', '{"duration_ms": 0}')))),
  ('steps[0]', 'the valve is not a whole number from 1 to 999', pg_temp.program(jsonb_build_array(pg_temp.step('valve', '{"valve_number": "1"}')))),
  ('steps[0]', 'the purge needs a gas, in 1 to 40 characters', pg_temp.program(jsonb_build_array(pg_temp.step('purge', '{"gas_type": ""}')))),
  ('steps[0]', 'the flow is not a number of sccm from 0.001 to 1 000 000', pg_temp.program(jsonb_build_array(pg_temp.step('purge', '{"flow_rate": 0}')))),
  ('steps[0]', 'no parameter is chosen', pg_temp.program(jsonb_build_array(pg_temp.step('parameter')))),
  ('steps[0]', 'there is no such parameter', pg_temp.program(jsonb_build_array(pg_temp.step('parameter', jsonb_build_object('parameter_id', gen_random_uuid(), 'target_value', 1, 'adjustment_rate', 1, 'hold_duration_ms', 1))))),
  ('steps[0]', 'the loop does not repeat a whole number of times from 1 to 1 000 000', pg_temp.program(jsonb_build_array(pg_temp.step('loop', '{"iteration_count": 0}')))),
  ('steps[0].children', 'this loop has no steps', pg_temp.program(jsonb_build_array(pg_temp.step('loop')))),
  ('steps[2].children[0]', 'the duration is not a whole number of ms from 1 to 604 800 000, which is a week',
    pg_temp.program(jsonb_build_array(pg_temp.step('wait'), pg_temp.step('wait'), pg_temp.step('loop', jsonb_build_object('children', jsonb_build_array(pg_temp.step('purge', '{"duration_ms": 1.5}'))))))),
  ('steps[1]', 'its id is that of another step', (select pg_temp.program(jsonb_build_array(s, s)) from pg_temp.step('wait') s)),
  ('steps', 'unrolled, the program has 10000000 steps; at most 1000000 are saved',
    pg_temp.program(jsonb_build_array(pg_temp.step('loop', jsonb_build_object('iteration_count', 1000000, 'children', jsonb_build_array(pg_temp.step('loop', jsonb_build_object('iteration_count', 10, 'children', pg_temp.deep(1))))))))),
  ('steps[2000]', 'a recipe is written in at most 2 000 steps; loops repeat them', pg_temp.program((select jsonb_agg(pg_temp.step('wait')) from generate_series(1, 2001)))),
  ('steps', 'the program is larger than 1 MB', pg_temp.program(jsonb_build_array(pg_temp.step('wait', jsonb_build_object('name', repeat('n', 2000000)))))),
  ('recipe', 'the recipe says nothing of itself', '[]'),
  ('recipe.name', 'a name of 1 to 200 characters is needed', pg_temp.program(pg_temp.deep(1), '{"name": " "}')),
  ('recipe.machine_type', 'a type of machine is needed, in 1 to 60 characters', pg_temp.program(pg_temp.deep(1), '{"machine_type": null}')),
  ('recipe.chamber_temperature_set_point', 'the chamber temperature is not a number of °C from -273 to 3 000', pg_temp.program(pg_temp.deep(1), '{"chamber_temperature_set_point": 9999}')),
  ('recipe.pressure_set_point', 'the pressure is not a number of Torr from 0.000001 to 10 000', pg_temp.program(pg_temp.deep(1), '{"pressure_set_point": 0}'))
) f (path, problem, p);
select is(pg_temp.save(4, pg_temp.program(pg_temp.deep(33))) #>> '{details,problem}', 'loops are nested more than 32 deep', 'loops have a bottom');
select is(pg_temp.save(4, pg_temp.program(pg_temp.deep(1)), repeat('n', 501)) #>> '{details,path}', 'note', 'a note is short');
select is((select array_agg(v.version order by v.version) from recipe_versions v where v.recipe_id = w.recipe), array[1, 2, 3, 4], 'and nothing of all that was kept') from w;
select is((recipe_program(recipe) #>> '{recipe,version}')::integer, 4, 'the recipe is what it was') from w;

-- Whoever else writes a recipe.
select tests.act_as_owner();
update public.recipes r set version = 9 from w where r.id = w.recipe;
set constraints all immediate;
select ok(exists (select 1 from public.recipe_versions v join w on w.recipe = v.recipe_id where v.version = 9 and v.author_id is null), 'a version that is written past the function is kept as well');

select * from finish();
