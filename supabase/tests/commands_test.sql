-- Commands of people: who is refused, with which code, and what a command leaves behind.
set transaction isolation level repeatable read;
select plan(45);

create temporary table m on commit drop as
select tests.machine() as machine, tests.machine() as other, tests.machine('ERROR') as broken, tests.recipe() as recipe,
  null::uuid as operator, null::uuid as viewer, null::uuid as stranger, null::uuid as engineer, null::uuid as admin, null::uuid as unknown, null::bigint as fence;
update m set operator = tests.person('operator', machine), viewer = tests.person('viewer', machine), stranger = tests.person('operator', other),
  engineer = tests.person('engineer', machine), admin = tests.person('admin'), unknown = tests.person(null);
insert into public.user_machine_assignments (user_id, machine_id) select operator, broken from m;
grant select on m to public;

select tests.act_as_nobody();
select throws_ok($$ select public.start_process(gen_random_uuid(), null, null) $$, '42501', null, 'who is not signed in cannot call start');
select throws_ok($$ select * from public.machines $$, '42501', null, 'and reads nothing');
select tests.act_as_owner(); select tests.act_as(unknown) from m;
select is_empty($$ select 1 from public.machines $$, 'who has no profile sees no machine');
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'not_signed_in', 'and is refused') from m;
select is(current_setting('response.status'), '403', 'with 403');

select tests.act_as(operator) from m;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'no_controller', 'no start without a controller') from m;
select is(current_setting('response.status'), '423', 'with 423');
select tests.act_as_controller();
create temporary table claim on commit drop as select claim_machine(machine, 'first', 'simulated', true) as answer from m;
select is(answer ->> 'ok', 'true', 'a controller claims the machine') from claim;
select is(claim_machine(machine, 'second', 'simulated', true) ->> 'code', 'lease_held', 'a second one is refused') from m;
select is((claim_machine(machine, 'first', 'simulated', true) ->> 'fence_token')::bigint, (answer ->> 'fence_token')::bigint + 1, 'the same one gets a new fence') from m, claim;
select is(renew_lease(machine, (answer ->> 'fence_token')::bigint) ->> 'code', 'fence_stale', 'and the old fence is void') from m, claim;

select tests.act_as(viewer) from m;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'not_allowed', 'a viewer may not start') from m;
select is(current_setting('response.status'), '403', 'with 403');
select is(request_stop(gen_random_uuid(), machine) ->> 'code', 'not_allowed', 'nor stop') from m;
select tests.act_as(stranger) from m;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'not_allowed', 'an operator of another machine may not start') from m;
select throws_ok($$ select public.record_step(gen_random_uuid(), 1, '[]') $$, '42501', null, 'nor report steps');
select throws_ok($$ update public.machines set status = 'idle' $$, '42501', null, 'nor write machines');
select throws_ok($$ insert into public.machine_commands (id, machine_id, kind) select gen_random_uuid(), machine, 'start' from m $$, '42501', null, 'nor the ledger');
select throws_ok($$ delete from public.audit_log $$, '42501', null, 'nor the audit');

select tests.act_as(operator) from m;
select is(start_process(gen_random_uuid(), gen_random_uuid(), recipe) ->> 'code', 'machine_not_found', 'no such machine') from m;
select is(start_process(gen_random_uuid(), machine, gen_random_uuid()) ->> 'code', 'recipe_not_found', 'no such recipe') from m;
select is(start_process(gen_random_uuid(), machine, recipe, 99) ->> 'code', 'stale_version', 'the machine changed since') from m;
select is(current_setting('response.status'), '412', 'with 412');
select is(start_process(gen_random_uuid(), machine, tests.recipe(1, 'plasma-ald')) ->> 'code', 'recipe_not_for_machine', 'a recipe of another type') from m;
select tests.act_as_owner();
create temporary table empty on commit drop as select tests.recipe() as recipe;
delete from public.recipe_steps where recipe_id = (select recipe from empty) and type <> 'loop';
grant select on empty to public;
select tests.act_as(operator) from m;
select is(start_process(gen_random_uuid(), machine, e.recipe) ->> 'message',
  'The run was not started: the recipe cannot be played: steps[0].children: this loop has no steps.', 'an empty loop is named by its path') from m, empty e;
select is(request_stop(gen_random_uuid(), machine) ->> 'code', 'nothing_to_stop', 'nothing to stop on an idle machine') from m;
select is(clear_machine(gen_random_uuid(), machine, 'looked at it') ->> 'code', 'not_in_error', 'nothing to clear') from m;

create temporary table go on commit drop as select gen_random_uuid() as command, gen_random_uuid() as stop;
grant select on go to public;
create temporary table started on commit drop as select start_process(command, machine, recipe, null, '{"speed": 1}', 'first wafer') as answer from m, go;
select is(answer ->> 'ok', 'true', 'a start is taken') from started;
select is(start_process(command, machine, recipe, null, '{"speed": 1}', 'first wafer') ->> 'run_id', answer ->> 'run_id', 'sent again it is the same run') from m, go, started;
select is(start_process(command, machine, recipe, null, '{"speed": 2}', 'first wafer') ->> 'code', 'command_id_reused', 'the key is bound to its content') from m, go;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'machine_not_idle', 'a second start is refused') from m;
select is((select (r.total_steps, r.total_cycles, r.planned_ms)::text from public.process_executions r where r.id = (answer ->> 'run_id')::uuid), '(4,2,6200)', 'totals are frozen') from started;
select is((select (x.status, s.current_state, x.current_process_id = s.process_id)::text from public.machines x join public.machine_state s on s.machine_id = x.id where x.id = machine),
  '(processing,processing,t)', 'both machine tables moved') from m;
select is(request_stop(gen_random_uuid(), machine, gen_random_uuid()) ->> 'code', 'run_not_current', 'a stop for another run is refused') from m;
select is(request_stop(stop, machine) #>> '{command,status}', 'succeeded', 'a stop before the start is taken cancels it') from m, go;
select is((select status from public.machine_commands c where c.id = command), 'superseded', 'the start is superseded') from go;
select is((select (r.status, r.end_time is not null)::text from public.process_executions r where r.id = (answer ->> 'run_id')::uuid), '(aborted,t)', 'the run is aborted') from started;
select is((select status from public.machines x where x.id = machine), 'idle', 'and the machine is free') from m;

select is(clear_machine(gen_random_uuid(), broken, '') ->> 'code', 'reason_missing', 'clearing needs a reason') from m;
select is(clear_machine(gen_random_uuid(), broken, 'heater relay replaced') #>> '{command,status}', 'succeeded', 'and then clears') from m;
select is((select (x.status, s.is_failure_mode, s.failure_description is null)::text from public.machines x join public.machine_state s on s.machine_id = x.id where x.id = broken),
  '(idle,f,t)', 'nothing of the failure stays') from m;

select tests.act_as_owner();
select is((select count(*)::integer from public.machine_commands c where c.machine_id = machine and c.status = 'rejected' and c.refusal_code is not null), 12, 'every refusal of a claimed command is on record') from m;
select is_empty($$ select c.id from public.machine_commands c where not exists (select 1 from public.audit_log a where a.command_id = c.id) $$, 'every command has its audit row');
select throws_ok($$ update public.audit_log set reason = 'x' $$, 'PT403', null, 'the audit log cannot be changed, even by its owner');
select throws_ok($$ truncate public.audit_log $$, 'PT403', null, 'nor emptied');

select * from finish();
