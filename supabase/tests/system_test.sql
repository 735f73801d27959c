-- What the product says of itself: to whom, and that a contradiction in the record is among it.
set transaction isolation level repeatable read;
select plan(22);

create temporary table s on commit drop as select x.*, tests.person('viewer') as viewer, tests.person('engineer') as engineer, tests.person('admin') as admin,
  tests.person(null) as stranger from tests.start_run() x;
select tests.act_as_owner();
grant select on s to public;
select tests.act_as_controller();
create temporary table recorded on commit drop as select record_step(run, fence, jsonb_build_array(tests.step(1), tests.step(2, 'purge'))) from s;

select tests.act_as(engineer) from s;
select is(system_report() -> 'violations', '[]'::jsonb, 'nothing is wrong while a run is running');
select is((select x ->> 'controller' is not null and (x ->> 'fence_token')::bigint = fence from jsonb_array_elements(system_report() -> 'leases') x where x ->> 'machine_id' = machine::text), true, 'leases, with their fence') from s;
select is(system_report() ->> 'postgres', current_setting('server_version'), 'what it runs on');
select is(system_report() #>> '{migration,version}' >= '0044', true, 'up to which migration');
select is(jsonb_array_length(system_report() #> '{storage,tables}'), 5, 'what it holds');
select is((select array_agg(k order by k) from jsonb_object_keys(system_report()) k), '{leases,migration,postgres,server_time,storage,violations}', 'and nothing else: no path, no host, no key');

select tests.act_as(viewer) from s;
select is(jsonb_build_array(system_report() -> 'violations', system_report() -> 'storage'), '[null, null]', 'a viewer sees neither violations nor sizes');
select is(jsonb_array_length(system_report() -> 'leases') > 0, true, 'but leases');
select tests.act_as(stranger) from s;
select is(system_report(), null, 'who is nobody sees nothing');
select tests.act_as_nobody();
select throws_ok('select system_report()', '42501', null, 'nor is it told without a token');

-- Broken on purpose, past every rule; each is found, and taken back.
select tests.act_as_owner();
create function pg_temp.broken(p_statement text) returns text[] language plpgsql as $$
declare
  v_found text[];
begin
  begin
    execute p_statement;
    perform tests.act_as(engineer) from s;
    v_found := array(select distinct x ->> 'invariant' from jsonb_array_elements(public.system_report() -> 'violations') x, s where x ->> 'machine_id' = s.machine::text order by 1);
    raise exception using errcode = 'ZZZZZ';
  exception when sqlstate 'ZZZZZ' then
    return v_found;
  end;
end
$$;
set local session_replication_role = replica;
select is(pg_temp.broken($$ update machine_state set current_state = 'idle' where machine_id = (select machine from s) $$), '{I2}', 'T27 tables that disagree');
select is(pg_temp.broken($$ delete from machine_state where machine_id = (select machine from s) $$), '{I2}', 'a missing state row');
select is(pg_temp.broken($$ update step_execution_history set seq = 9 where process_id = (select run from s) and seq = 2 $$), '{I3}', 'a gap');
select is(pg_temp.broken($$ update process_executions set last_seq = 5 where id = (select run from s) $$), '{I3}', 'a wrong counter');
select is(pg_temp.broken($$ update step_execution_history set ended_at = clock_timestamp() where process_id = (select run from s) and ended_at is null $$), '{I4}', 'no open step while running');
select is(pg_temp.broken($$ update step_execution_history set ended_at = ended_at + interval '1 second' where process_id = (select run from s) and seq = 1 $$), '{I5}', 'a step that overlaps the next');
select is(pg_temp.broken($$ update process_executions set status = 'paused' where id = (select run from s) $$), '{I7}', 'a change without its audit row');
select is(pg_temp.broken($$ update process_executions set status = 'completed', end_time = clock_timestamp() where id = (select run from s) $$), '{I2,I4,I5,I7}', 'a run ended past the rules');
select is(pg_temp.broken($$ drop index public.process_executions_one_active_per_machine; insert into public.process_executions (session_id, machine_id, recipe_id, recipe_version, operator_id, status) select session_id, machine_id, recipe_id, recipe_version, operator_id, 'preparing' from process_executions, s where id = s.run $$), '{I1,I7}', 'two runs on one machine');
set local session_replication_role = origin;

select tests.act_as_controller();
select is(end_process(run, fence, 'completed') ->> 'ok', 'true', 'the run ends') from s;
select tests.act_as_owner();
select is_empty($$ select v.* from private.recent_violations() v, s where v.machine_id = s.machine $$, 'and nothing is wrong');
select is_empty($$ select * from private.recent_violations() except select * from check_invariants() $$, 'what is found near is found by the whole check');

select * from finish();
