-- What a person sees before a start, and that the start itself checks the same; how long a recipe took; who is watching.
set transaction isolation level repeatable read;
select plan(30);

create temporary table m on commit drop as
select tests.machine() as machine, tests.recipe() as recipe, null::uuid as operator, null::uuid as viewer, null::uuid as temperature, null::bigint as fence;
update m set operator = tests.person('operator', machine), viewer = tests.person('viewer');
grant select, update on m to public;
with kind as (
  insert into public.component_definitions (name, type) values (gen_random_uuid()::text, 'heater') returning id
), part as (
  insert into public.machine_components (machine_id, definition_id, name, type) select m.machine, kind.id, 'Heater', 'heater' from m, kind returning id
), named as (
  insert into public.component_parameter_definitions (component_definition_id, name, unit, default_min, default_max)
  select kind.id, 'chamber_temperature', '°C', 20, 350 from kind returning id
), made as (
  insert into public.component_parameters (component_id, definition_id, min_value, max_value, current_value)
  select part.id, named.id, 20, 350, 200 from part, named returning id
) update m set temperature = made.id from made;
create function pg_temp.permissive(p_key text) returns jsonb language sql
as $$ select p from m, jsonb_array_elements(start_review(m.machine, m.recipe) -> 'permissives') p where p ->> 'key' = p_key $$;
grant execute on function pg_temp.permissive(text) to public;

select tests.act_as(operator) from m;
select is(start_review(machine, gen_random_uuid()), null, 'nothing to review without a recipe') from m;
select is(start_review(gen_random_uuid(), recipe), null, 'nor without a machine') from m;
select is(pg_temp.permissive('controller') ->> 'is_met', 'false', 'no controller');
select matches(pg_temp.permissive('controller') ->> 'reason', '^no controller holds ', 'and says so');
select is(pg_temp.permissive('idle') ->> 'is_met', 'true', 'idle');
select is(pg_temp.permissive('reading') -> 'is_met', 'null'::jsonb, 'a value that was never read is neither right nor wrong');
select is(start_review(machine, recipe) #>> '{program,totals,steps}', '4', 'the program as it would be frozen') from m;

select tests.act_as_controller();
update m set fence = (claim_machine(machine, 'reviewed', 'simulated', true) ->> 'fence_token')::bigint;
select is(record_readings(machine, fence, jsonb_build_object(temperature::text, 'warm')) ->> 'code', 'sample_invalid', 'a reading is a number') from m;
select is(record_readings(machine, fence, jsonb_build_object(gen_random_uuid()::text, 1)) ->> 'code', 'sample_invalid', 'of this machine') from m;
select is(record_readings(machine, fence, null) ->> 'code', 'sample_invalid', 'and there is one') from m;
select is(record_readings(machine, fence - 1, jsonb_build_object(temperature::text, 1)) ->> 'code', 'fence_stale', 'from the controller that holds it') from m;
select is(record_readings(machine, fence, jsonb_build_object(temperature::text, 400)), '{"ok": true}', 'it is kept') from m;

select tests.act_as(operator) from m;
select is(pg_temp.permissive('controller') ->> 'is_met', 'true', 'a controller holds it');
select is(pg_temp.permissive('reading') ->> 'is_met', 'false', 'a fresh value beyond its limits');
select is(pg_temp.permissive('reading') ->> 'reason', 'chamber_temperature reads 400 °C, allowed is 20 to 350', 'in words');
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'reading_out_of_limits', 'the start is refused for it') from m;
select is(current_setting('response.status'), '409', 'with 409');
select tests.act_as_controller();
select is(record_readings(machine, fence, jsonb_build_object(temperature::text, 200)), '{"ok": true}', 'the chamber cools') from m;

select tests.act_as_owner();
update public.recipes set chamber_temperature_set_point = 900 where id = (select recipe from m);
select tests.act_as(operator) from m;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'message',
  'The run was not started: the recipe wants 900 °C for chamber_temperature, allowed is 20 to 350.', 'a set-point beyond the limits is refused') from m;
select is(current_setting('response.status'), '422', 'with 422');
select tests.act_as_owner();
update public.recipes set chamber_temperature_set_point = 200 where id = (select recipe from m);
select tests.act_as(operator) from m;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'ok', 'true', 'within all limits it starts') from m;
select is(recipe_pace(recipe), '{"runs": 0, "p10": null, "p50": null, "p90": null}', 'a recipe without history has no pace') from m;

select is(watch_machine(gen_random_uuid(), gen_random_uuid()) ->> 'code', 'machine_not_found', 'nobody watches what is not there');
select is(watch_machine(machine, gen_random_uuid()) -> 'watchers', '[]', 'alone') from m;
select tests.act_as(viewer) from m;
select is(watch_machine(machine, '00000000-0000-4000-8000-0000000000aa') #>> '{watchers,0,name}', 'operator in a test', 'a viewer sees who else looks') from m;
select tests.act_as(operator) from m;
select is(jsonb_array_length(watch_machine(machine, gen_random_uuid()) -> 'watchers'), 1, 'and is seen, once for several pages') from m;
select tests.act_as(viewer) from m;
select watch_machine(machine, '00000000-0000-4000-8000-0000000000aa', true) from m;
select tests.act_as(operator) from m;
select is(watch_machine(machine, gen_random_uuid()) -> 'watchers', '[]', 'until the page is left') from m;

select tests.act_as_owner();
create temporary table r on commit drop as select (t).* from (select tests.start_run() as t) made;
select tests.act_as_owner();
grant select on r to public;
select tests.act_as_controller();
select is(end_process(run, fence, 'completed', null, jsonb_build_array(tests.step(1, 'valve', '{"measured_ms": 100}'), tests.step(2, 'purge'),
  tests.step(3), tests.step(4, 'purge', '{"measured_ms": 3000}'))) ->> 'ok', 'true', 'a run of 6.2 s as planned, measured 6 s from first to last edge') from r;
select tests.act_as(operator) from r;
select is(round((recipe_pace(recipe) ->> 'p50')::numeric, 4), 0.9677, 'has the pace 6.0 to 6.2') from r;
select is(machine_snapshot(machine) -> 'pace', 'null'::jsonb, 'between runs a machine has no pace') from r;
select * from finish();
