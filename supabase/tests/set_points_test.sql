-- A reading is recorded beside the set-point that was in force: the recipe's from the start, then what a step set.
set transaction isolation level repeatable read;
select plan(4);

create temporary table s on commit drop as
select tests.machine() as machine, gen_random_uuid() as heater, tests.recipe() as recipe, null::uuid as operator, null::uuid as run, null::bigint as fence;
insert into public.component_definitions (id, name, type) select machine, machine::text, 'heater' from s;
insert into public.component_parameter_definitions (id, component_definition_id, name, unit) select machine, machine, 'chamber_temperature', '°C' from s;
insert into public.machine_components (id, machine_id, name, type, definition_id) select machine, machine, 'Heater', 'heater', machine from s;
insert into public.component_parameters (id, component_id, definition_id, min_value, max_value, set_value) select heater, machine, machine, 0, 400, 25 from s;
update public.recipes set chamber_temperature_set_point = 150 where id = (select recipe from s);
update s set operator = tests.person('operator', machine);
grant select, update on s to public;

select tests.act_as_controller();
update s set fence = (claim_machine(machine, 'test', 'simulated', true) ->> 'fence_token')::bigint;
select tests.act_as(operator) from s;
update s set run = (start_process(gen_random_uuid(), machine, recipe) ->> 'run_id')::uuid;
select is(set_value, 150::double precision, 'the recipe''s set-point is in force from the start')
from public.component_parameters p join s on p.id = s.heater;

select tests.act_as_controller();
create temporary table first on commit drop as
select record_samples(run, fence, jsonb_build_array(jsonb_build_object('timestamp', '2026-01-01T00:00:01Z', 'values', jsonb_build_object(heater::text, 149.5)))) as answer from s;
create temporary table step on commit drop as
select record_step(run, fence, jsonb_build_array(tests.step(1, 'parameter', jsonb_build_object('parameters', jsonb_build_object('parameter_id', heater, 'parameter_value', 180))))) as answer from s;
create temporary table second on commit drop as
select record_samples(run, fence, jsonb_build_array(jsonb_build_object('timestamp', '2026-01-01T00:00:02Z', 'values', jsonb_build_object(heater::text, 151.5)))) as answer from s;
select is((select f.answer ->> 'ok' from first f) || (select x.answer ->> 'ok' from step x) || (select n.answer ->> 'ok' from second n), 'truetruetrue', 'all is recorded');
select results_eq($$ select d.value, d.set_point from public.process_data_points d where d.process_id = (select run from s) order by d."timestamp" $$,
  $$ values (149.5::double precision, 150::double precision), (151.5, 180) $$, 'each reading has the set-point of its moment');
select is((select process_metrics #>> '{values,chamber_temperature}' from public.process_execution_state where execution_id = (select run from s)), '151.5', 'and the newest is shown');

select * from finish();
