-- The pair machines/machine_state: one move, old spellings, and a controller that writes the tables one by one.
set transaction isolation level repeatable read;
select plan(20);

select tests.act_as_owner();
create temporary table m on commit drop as select tests.machine('RUNNING') as machine;
grant select on m to public;
select is((select status from public.machines where id = machine), 'processing', 'running is stored as processing') from m;
select is((select current_state from public.machine_state where machine_id = machine), 'processing', 'and the missing state row is made') from m;
update public.machines set status = 'Inactive' where id = (select machine from m);
select is((select current_state from public.machine_state where machine_id = machine), 'offline', 'a write of machines is carried over') from m;
update public.machine_state set current_state = 'IDLE' where machine_id = (select machine from m);
select is((select status from public.machines where id = machine), 'idle', 'and a write of machine_state back') from m;
select throws_ok($$ update public.machines set status = 'dancing' where id = (select machine from m) $$, '23514', null, 'an unknown status is refused');
select is((select version from public.machines where id = machine), 3::bigint, 'each change raised the version once') from m;

select tests.act_as_controller();
select is(atomic_update_machine_state(machine, 'MAINTENANCE') #>> '{machine,status}', 'maintenance', 'one call moves both') from m;
select is(atomic_update_machine_state(machine, 'idle') #>> '{machine_state,current_state}', 'idle', 'and says so') from m;
select is(atomic_update_machine_state(machine, 'idle', p_machine_state_current_state => 'error') ->> 'code', 'states_disagree', 'a pair that disagrees is refused') from m;
select is(atomic_update_machine_state(machine, 'dancing') ->> 'code', 'state_unknown', 'an unknown state is refused') from m;
select is(atomic_update_machine_state(gen_random_uuid(), 'idle') ->> 'code', 'machine_not_found', 'an unknown machine is refused');
select is(current_setting('response.status'), '404', 'with 404');
select is(atomic_error_machine_state(machine, 'valve 3 stuck') #>> '{machine_state,failure_description}', 'Recipe execution error: valve 3 stuck', 'an error keeps its reason') from m;
select is(atomic_error_machine_state(machine, 'valve 3 stuck') #>> '{machine_state,is_failure_mode}', 'true', 'and the failure mode') from m;
select is(atomic_complete_machine_state(machine) #>> '{machine_state,failure_description}', null, 'completion clears it') from m;
select is(atomic_complete_machine_state(machine) #>> '{machine,status}', 'idle', 'and goes to idle') from m;

create temporary table s on commit drop as select s.* from tests.start_run() s;
select tests.act_as_owner();
grant select on s to public;
select tests.act_as_controller();
select is(atomic_processing_machine_state(machine, run) #>> '{machine_state,process_id}', run::text, 'processing names its run') from s;
select tests.act_as_owner();
select throws_ok($$ update public.machine_state set process_id = gen_random_uuid() where machine_id = (select machine from s); set constraints all immediate $$, '23503', null, 'a run that is not there is refused');
select tests.act_as(operator) from s;
select throws_ok($$ select public.atomic_complete_machine_state(gen_random_uuid()) $$, '42501', null, 'people do not move machines by hand');
select tests.act_as_owner();
select is_empty($$ select 1 from public.machines a join public.machine_state b on b.machine_id = a.id
  where a.status <> b.current_state or a.current_process_id is distinct from b.process_id $$, 'the pair agrees everywhere');

select * from finish();
