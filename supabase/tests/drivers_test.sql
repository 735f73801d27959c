-- What played a run is on record, told by its controller, and every read of runs and machines gives it.
set transaction isolation level repeatable read;
select plan(8);

create temporary table m on commit drop as select tests.machine() as machine, tests.recipe() as recipe, null::uuid as operator, null::uuid as run;
update m set operator = tests.person('operator', machine);
grant select, update on m to public;
select tests.act_as_controller();
select is(claim_machine(machine, 'replay@lab', 'replay', true) ->> 'ok', 'true', 'a replay holds the machine') from m;
select tests.act_as(operator) from m;
create temporary table started on commit drop as
select start_process(gen_random_uuid(), machine, recipe, null, '{"speed": 60, "driver": "plc", "is_simulated": false}', 'Replay of the log') as answer from m;
update m set run = (answer ->> 'run_id')::uuid from started;
select is((select r.parameters from public.process_executions r where r.id = run),
  '{"speed": 60, "driver": "replay", "is_simulated": true}'::jsonb, 'its runs say so, whatever the person who starts them says') from m;
select is((select (o.driver, o.is_simulated, o.description, o.operator_name)::text from public.runs_overview o where o.run_id = run),
  '(replay,t,"Replay of the log","operator in a test")', 'in the list of runs, with who imported the log') from m;
select is(run_snapshot(run) #>> '{run,parameters,driver}', 'replay', 'on its page') from m;
select is(machine_snapshot(machine) #>> '{run,parameters,driver}', 'replay', 'on the machine''s page') from m;
select is(machine_snapshot(machine) #>> '{lease,driver}', 'replay', 'with the driver of the controller') from m;
select is((select f #>> '{lease,driver}' || ' ' || (f #>> '{run,parameters,driver}') from jsonb_array_elements(fleet_snapshot() -> 'machines') f
  where f #>> '{machine,id}' = machine::text), 'replay replay', 'and in the fleet') from m;
select tests.act_as_controller();
select is((select release_machine(machine, (machine_snapshot(machine) #>> '{lease,fence_token}')::bigint) ->> 'ok'), 'true', 'until another one takes the machine') from m;
select * from finish();
