-- A run and its machine agree whoever writes; what has ended stays so; a stop never runs out; nobody is lost unnoticed.
set transaction isolation level repeatable read;
select plan(34);

create function pg_temp.commit() returns void language plpgsql as $$
begin
  set constraints all immediate;
  set constraints all deferred;
end
$$;

-- A controller that writes the tables one by one, and is killed after its first statement.
create temporary table a on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner(); select pg_temp.commit();
grant select on a to public;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array(tests.step(1))) ->> 'ok', 'true', 'a run is under way') from a;
update public.process_execution_state set current_step_name = 'somebody else', current_step_index = 9 where execution_id = (select run from a);
select is((select count(*)::integer from public.step_execution_history where process_id = run), 1, 'a reported run is recorded by its reports only') from a;
select throws_ok($$ update public.machines set status = 'idle', current_process_id = null where id = (select machine from a); set constraints all immediate $$,
  'PT409', null, 'its machine cannot be set idle');
select throws_ok($$ update public.machine_state set current_state = 'ERROR', process_id = null where machine_id = (select machine from a); set constraints all immediate $$,
  'PT409', null, 'nor in error, by the other table');
select throws_ok($$ select public.atomic_complete_machine_state(machine) from a; set constraints all immediate $$, 'PT409', null, 'nor by the atomic function');
update public.process_executions set status = 'completed', end_time = now() - interval '1 hour' where id = (select run from a);
select tests.act_as_owner(); select pg_temp.commit();
select is((select (m.status, m.current_process_id is null, s.current_state)::text from public.machines m join public.machine_state s on s.machine_id = m.id where m.id = machine),
  '(idle,t,idle)', 'a run that its controller ends takes its machine along') from a;
select is((select r.end_time from public.process_executions r where r.id = run), (select h.ended_at from public.step_execution_history h where h.process_id = run),
  'it ends with its last step, whatever clock its controller has') from a;
select is_empty($$ select c.* from a, public.check_invariants(a.machine) c $$, 'and all holds');
select throws_ok($$ update public.process_executions set status = 'running' where id = (select run from a) $$, 'PT409',
  'The run was not changed: it has already ended (completed).', 'it does not run again');
update public.process_executions set end_time = now() + interval '1 day' where id = (select run from a);
select is((select r.end_time from public.process_executions r where r.id = run), (select h.ended_at from public.step_execution_history h where h.process_id = run), 'nor end again') from a;

create temporary table b on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner(); select pg_temp.commit();
grant select on b to public;
select tests.act_as(operator) from b;
select is(request_stop(gen_random_uuid(), machine) #>> '{command,status}', 'succeeded', 'a start that nobody took is cancelled') from b;
select tests.act_as_owner(); select pg_temp.commit();
insert into public.operator_sessions (id, operator_id, machine_id) select run, operator, machine from b;
insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status)
select operator, run, machine, recipe, '{}', operator, 'running' from b;
select pg_temp.commit();
select is((select (m.status, m.current_process_id = operator)::text from public.machines m where m.id = machine), '(processing,t)', 'a run that a controller begins takes its machine along') from b;
select tests.act_as(operator) from b;
create temporary table stop on commit drop as select request_stop(gen_random_uuid(), machine) #>> '{command,id}' as command from b;
select tests.act_as_owner(); select pg_temp.commit();
update public.process_executions set status = 'failed', error_message = 'valve 3 stuck' where id = (select operator from b);
select pg_temp.commit();
select is((select (m.status, s.is_failure_mode, s.failure_description)::text from public.machines m join public.machine_state s on s.machine_id = m.id where m.id = machine),
  '(error,t,"Recipe execution error: valve 3 stuck")', 'a run that fails leaves its machine in error, with the reason') from b;
select is((select c.status from public.machine_commands c where c.id = command::uuid), 'superseded', 'and what was asked of it has its outcome') from stop;
select isnt((select r.end_time from public.process_executions r where r.id = operator), null, 'a run that ends has an end') from b;
select is_empty($$ select c.* from b, public.check_invariants(b.machine) c $$, 'and all holds');

-- Nothing is asked in vain, and nobody is lost unnoticed.
create temporary table c on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner(); select pg_temp.commit();
grant select on c to public;
select tests.act_as_controller();
select is(accept_command(command, fence) ->> 'ok', 'true', 'a start is taken') from c;
select tests.act_as(operator) from c;
create temporary table asked on commit drop as select request_stop(gen_random_uuid(), machine) #>> '{command,id}' as stop from c;
select tests.act_as_owner();
grant select on asked to public;
update public.machine_commands set requested_at = requested_at - interval '1 hour' where machine_id = (select machine from c);
select tests.act_as_controller();
select is((select string_agg(x ->> 'kind', ',' order by x ->> 'kind') from jsonb_array_elements(renew_lease(machine, fence) -> 'commands') x), 'start,stop',
  'a stop that is an hour old is still handed out') from c;
select is(advance_command(command, fence, 'failed', 'the pump is off') ->> 'ok', 'true', 'the start fails') from c;
select tests.act_as_owner(); select pg_temp.commit();
select is((select x.status from public.machine_commands x where x.id = stop::uuid), 'superseded', 'and with it the stop is settled') from asked;
select is_empty($$ select x.* from c, public.check_invariants(c.machine) x $$, 'and all holds');

create temporary table d on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner(); select pg_temp.commit();
grant select on d to public;
update public.machine_leases set expires_at = clock_timestamp() - interval '1 second' where machine_id = (select machine from d);
select tests.act_as(operator) from d;
select is(reconcile_run(gen_random_uuid(), run, 'failed', 'the controller is gone') #>> '{command,status}', 'succeeded',
  'a person reconciles the run of a lost controller though nobody else noticed') from d;
select tests.act_as_controller();
select is(record_step(run, fence, jsonb_build_array(tests.step(1))) ->> 'code', 'fence_stale', 'and the lost one writes nothing more') from d;
select tests.act_as_owner(); select pg_temp.commit();

create temporary table e on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner(); select pg_temp.commit();
grant select on e to public;
update public.machine_leases set expires_at = clock_timestamp() - interval '1 second' where machine_id = (select machine from e);
update public.machine_leases set controller = 'second', acquired_at = clock_timestamp(), fence_token = fence_token + 1 where machine_id = (select machine from e);
select is((select (m.status, l.fence_token - fence)::text from public.machines m join public.machine_leases l on l.machine_id = m.id where m.id = machine), '(unknown,2)',
  'a lease that ran out during a run is not taken over unnoticed') from e;

-- Programs that cannot be played.
create temporary table large on commit drop as select tests.recipe(2000000000) as recipe, tests.recipe() as deep;
select throws_ok($$ select private.program_of(recipe) from large $$, 'PT422', 'unrolled, the program has more than 999 999 999 steps', 'a program that cannot be numbered is refused');
do $$
declare
  v_parent uuid := (select s.id from public.recipe_steps s join large l on l.deep = s.recipe_id where s.sequence_number = 1);
begin
  for n in 10..50 loop
    insert into public.recipe_steps (recipe_id, sequence_number, name, type, parent_step_id)
    select deep, n, 'deeper', 'loop', v_parent from large returning id into v_parent;
    insert into public.loop_step_config (step_id, iteration_count) values (v_parent, 1);
  end loop;
end
$$;
select throws_ok($$ select private.program_of(deep) from large $$, 'PT422', 'loops are nested more than 32 deep', 'and one nested without reason');

-- What the secret key may not do.
select tests.act_as_controller();
select throws_ok($$ delete from public.machine_state where machine_id = (select machine from a) $$, '42501', null, 'the secret key removes no state');
select throws_ok($$ delete from public.process_executions where id = (select run from a) $$, '42501', null, 'nor a run');
select throws_ok($$ update public.process_executions set last_seq = 9 where id = (select run from a) $$, '42501', null, 'nor numbers its steps');
select throws_ok($$ update public.process_execution_state set current_seq = 0 where execution_id = (select run from a) $$, '42501', null, 'nor takes its reports over');
select throws_ok($$ insert into public.step_execution_history (process_id) select run from a $$, '42501', null, 'nor writes history');
select throws_ok($$ update public.step_execution_history set ended_at = now() where process_id = (select run from a) $$, '42501', null, 'nor changes it');
select throws_ok($$ delete from public.step_execution_history where process_id = (select run from a) $$, '42501', null, 'nor removes it');
select tests.act_as_owner();
select is_empty($$
  select p.oid::regprocedure from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.provolatile = 'v' and p.prosecdef and p.prorettype <> 'trigger'::regtype
    and (has_function_privilege('service_role', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
    and not coalesce(p.proconfig::text like '%lock_timeout=2s%', false)
$$, 'whatever moves a machine or a run gives up at a lock after 2 s');

select * from finish();
