-- One move of a machine writes each of its two tables once, its audit row once, and what is there already not at all.
set transaction isolation level repeatable read;
select plan(50);

create temporary table m on commit drop as select tests.machine() as machine;
grant select on m to public;
-- What this transaction wrote since it was last asked: updates of machines, of machine_state, rows of the audit log.
create temporary table counted on commit drop as select array[0, 0, 0]::bigint[] as seen;
create function pg_temp.written() returns text language plpgsql as $$
declare
  v_now bigint[] := array[pg_stat_get_xact_tuples_updated('public.machines'::regclass), pg_stat_get_xact_tuples_updated('public.machine_state'::regclass),
    pg_stat_get_xact_tuples_inserted('public.audit_log'::regclass)];
  v_seen bigint[];
begin
  select seen into v_seen from counted;
  update counted set seen = v_now;
  return format('%s machines, %s states, %s audits', v_now[1] - v_seen[1], v_now[2] - v_seen[2], v_now[3] - v_seen[3]);
end
$$;
create function pg_temp.pair() returns text language sql as $$
  select format('%s/%s %s %s', x.status, s.current_state, s.is_failure_mode, coalesce(s.failure_description, '-'))
  from public.machines x left join public.machine_state s on s.machine_id = x.id where x.id = (select machine from m)
$$;
create function pg_temp.move(p_status text, p_is_failure boolean default false, p_why text default null) returns boolean language sql as
  $$ select private.move_machine((select machine from m), p_status, null, p_is_failure, p_why) is not null $$;
select pg_temp.written();

-- By the function.
select is(pg_temp.move('maintenance'), true, 'a machine is moved');
select is(pg_temp.written(), '1 machines, 1 states, 1 audits', 'by one write of each table and one audit row');
select is(pg_temp.pair(), 'maintenance/maintenance f -', 'and both say so');
select is(pg_temp.move('maintenance'), true, 'moved to where it is');
select is(pg_temp.written(), '0 machines, 0 states, 0 audits', 'nothing is written');
select is(pg_temp.move('error', true, 'pump'), true, 'an error');
select is(pg_temp.pair(), 'error/error t pump', 'keeps its reason');
select is(pg_temp.written(), '1 machines, 1 states, 1 audits', 'which is written with the state');
select is(pg_temp.move('error', true, 'valve'), true, 'another reason');
select is(pg_temp.written(), '0 machines, 1 states, 0 audits', 'is written where it belongs');
select is(pg_temp.pair(), 'error/error t valve', 'and stays');
select is(pg_temp.move('idle'), true, 'cleared');
select is(pg_temp.pair(), 'idle/idle f -', 'nothing of the failure stays');
select is(pg_temp.move('maintenance', true, 'leaks'), true, 'a failure of a machine that is not in error');
select is(pg_temp.pair(), 'maintenance/maintenance t leaks', 'is kept as it was told');
select is(pg_temp.move('maintenance'), true, 'and taken back');
select is(pg_temp.pair(), 'maintenance/maintenance f -', 'without another status');
select is(private.move_machine(gen_random_uuid(), 'idle', null)::text, null, 'a machine that is not there is not moved');
create function pg_temp.answered(p_status text, p_is_failure boolean, p_why text default null) returns boolean language plpgsql as $$
declare
  v_answer jsonb := private.move_machine((select machine from m), p_status, null, p_is_failure, p_why);
begin
  return v_answer = (
    select jsonb_build_object('ok', true, 'success', true, 'machine', to_jsonb(x), 'machine_state', to_jsonb(s), 'updated_at', x.updated_at)
    from public.machines x join public.machine_state s on s.machine_id = x.id where x.id = (select machine from m));
end
$$;
select ok(pg_temp.answered('error', true, 'pump'), 'the answer is what stands in both tables, of an error');
select ok(pg_temp.answered('error', true, 'valve'), 'of another reason');
select ok(pg_temp.answered('error', false), 'of an error that is no failure');
select is(pg_temp.pair(), 'error/error f -', 'which is kept as it was told');
select ok(pg_temp.answered('maintenance', false), 'and of a move');
select pg_temp.written();

-- By a writer of one table.
update public.machines set status = 'IDLE' where id = (select machine from m);
select is(pg_temp.written(), '1 machines, 1 states, 1 audits', 'a write of machines carries machine_state, once');
select is(pg_temp.pair(), 'idle/idle f -', 'and both say so');
update public.machines set status = 'idle', location = 'Bay 2' where id = (select machine from m);
select is(pg_temp.written(), '1 machines, 0 states, 0 audits', 'a write of something else carries nothing');
update public.machine_state set current_state = 'inactive' where machine_id = (select machine from m);
select is(pg_temp.written(), '1 machines, 1 states, 1 audits', 'a write of machine_state carries machines, once');
select is(pg_temp.pair(), 'offline/offline f -', 'and both say so');
update public.machine_state set failure_description = 'noted' where machine_id = (select machine from m);
select is(pg_temp.written(), '0 machines, 1 states, 0 audits', 'a write of something else carries nothing');

-- What was parted or lost past the triggers is mended by the next move.
create function pg_temp.part(p_statement text) returns void language plpgsql as $$
begin
  set local session_replication_role = replica;
  execute p_statement;
  set local session_replication_role = origin;
  perform pg_temp.written();
end
$$;
select pg_temp.part($$ delete from public.machine_state where machine_id = (select machine from m) $$);
select is(pg_temp.move('offline'), true, 'a missing row, moved to where the machine is');
select is(pg_temp.pair(), 'offline/offline f -', 'is made');
select is(pg_temp.written(), '0 machines, 0 states, 0 audits', 'and nothing else written');
select pg_temp.part($$ delete from public.machine_state where machine_id = (select machine from m) $$);
select is(pg_temp.move('idle'), true, 'a missing row, moved elsewhere');
select is(pg_temp.pair(), 'idle/idle f -', 'is made');
select pg_temp.part($$ delete from public.machine_state where machine_id = (select machine from m) $$);
select is(pg_temp.move('error', true, 'pump'), true, 'a missing row, moved into error');
select is(pg_temp.pair(), 'error/error t pump', 'is made with the reason');
select pg_temp.part($$ update public.machine_state set current_state = 'idle' where machine_id = (select machine from m) $$);
select is(pg_temp.move('idle'), true, 'a state row that was ahead, with a failure left on it');
select is(pg_temp.pair(), 'idle/idle f -', 'agrees, without it');
select pg_temp.part($$ update public.machine_state set current_state = 'maintenance' where machine_id = (select machine from m) $$);
select is(pg_temp.move('idle'), true, 'a state row that was wrong while the machine was right');
select is(pg_temp.pair(), 'idle/idle f -', 'agrees');

-- Words, and who is named in the audit log.
select is(private.machine_status_of(w.given), w.wanted, format('%L is %L', w.given, w.wanted))
from (values ('Running', 'processing'), (' RUNNING ', 'processing'), ('inactive', 'offline'), ('IDLE', 'idle'), ('dancing', 'dancing'), (null, null)) w (given, wanted);
create temporary table p on commit drop as select tests.person('engineer') as engineer;
grant select on p to public;
create function pg_temp.actor(p_claims text) returns text language plpgsql as $$
begin
  perform set_config('request.jwt.claims', p_claims, true);
  perform private.audit('moves_test', null, null);
  return (select format('%s %s', a.actor_role, a.actor_id) from public.audit_log a where a.action = 'moves_test' order by a.id desc limit 1);
end
$$;
select is(pg_temp.actor(jsonb_build_object('sub', engineer, 'role', 'authenticated')::text), 'engineer ' || engineer, 'a person is named with the role they have') from p;
select is(pg_temp.actor('{"role": "service_role"}'), 'service_role ', 'a controller by its key');
select is(pg_temp.actor(''), session_user || ' ', 'a session without either by its user');
select tests.act_as_owner();

-- What runs with every move is planned once.
select is_empty($$
  select p.oid::regprocedure from pg_proc p join pg_language l on l.oid = p.prolang
  where p.pronamespace in ('private'::regnamespace, 'public'::regnamespace) and l.lanname <> 'plpgsql' and p.proname in (
    'atomic_update_machine_state', 'atomic_complete_machine_state', 'atomic_error_machine_state', 'atomic_processing_machine_state', 'machine_status_of', 'audit', 'move_machine', 'machines_carry', 'machine_state_carry', 'machine_agrees',
    'machines_canonical', 'machine_state_canonical')
$$, 'none of it is planned at every call');

select * from finish();
