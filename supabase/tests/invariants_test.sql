-- The invariant checker finds what is broken on purpose, and nothing in a healthy database.
set transaction isolation level repeatable read;
select plan(12);

create temporary table s on commit drop as select x.* from tests.start_run() x;
select tests.act_as_owner();
grant select on s to public;
select tests.act_as_controller();
create temporary table recorded on commit drop as
select record_step(run, fence, jsonb_build_array(tests.step(1), tests.step(2, 'purge'))) from s;
select tests.act_as_owner();
select is_empty($$ select * from check_invariants() $$, 'all hold while a run is running');

create function pg_temp.broken(p_statement text) returns text[] language plpgsql as $$
declare
  v_found text[];
begin
  begin
    execute p_statement;
    select array_agg(distinct c.invariant order by c.invariant) into v_found from public.check_invariants((select machine from s)) c;
    raise exception using errcode = 'ZZZZZ';
  exception when sqlstate 'ZZZZZ' then
    return v_found;
  end;
end
$$;
set local session_replication_role = replica;
select is(pg_temp.broken($$ update machine_state set current_state = 'idle' where machine_id = (select machine from s) $$), array['I2'], 'tables that disagree');
select is(pg_temp.broken($$ delete from machine_state where machine_id = (select machine from s) $$), array['I2'], 'a missing state row');
select is(pg_temp.broken($$ update step_execution_history set seq = 9 where process_id = (select run from s) and seq = 2 $$), array['I3'], 'a gap');
select is(pg_temp.broken($$ update process_executions set last_seq = 5 where id = (select run from s) $$), array['I3'], 'a wrong counter');
select is(pg_temp.broken($$ update step_execution_history set ended_at = clock_timestamp() where process_id = (select run from s) and ended_at is null $$), array['I4'], 'no open step while running');
select is(pg_temp.broken($$ update step_execution_history set ended_at = ended_at + interval '1 second' where process_id = (select run from s) and seq = 1 $$), array['I5'], 'a step that overlaps the next');
select is(pg_temp.broken($$ update machine_commands set run_id = null where id = (select command from s) $$), array['I6'], 'a start without a run');
select is(pg_temp.broken($$ update process_executions set status = 'paused' where id = (select run from s) $$), array['I7'], 'a change without its audit row');
select is(pg_temp.broken($$ update process_executions set status = 'completed', end_time = clock_timestamp() where id = (select run from s) $$), array['I2', 'I4', 'I5', 'I7'], 'a run ended past the rules');
set local session_replication_role = origin;

select tests.act_as_controller();
select is(end_process(run, fence, 'completed') ->> 'ok', 'true', 'the run ends') from s;
select tests.act_as_owner();
select is_empty($$ select * from check_invariants() $$, 'and all hold again');

select * from finish();
