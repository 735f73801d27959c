-- The log: what is written into it by whom, that nothing is done that it cannot hold, and how it is read.
set transaction isolation level repeatable read;
select plan(52);

create temporary table s on commit drop as select x.*, tests.person('viewer') as viewer, tests.person('engineer', x.machine) as engineer,
  tests.person('admin') as admin, tests.person(null) as stranger, gen_random_uuid() as note from tests.start_run(4) x;
select tests.act_as_owner();
grant select on s to public;
create function pg_temp.rows(p_filter jsonb, p_place bigint default null, p_is_newer boolean default false, p_limit integer default 500) returns setof jsonb language sql as $$
  select x from jsonb_array_elements(public.read_log(p_filter, p_place, p_is_newer, p_limit) -> 'rows') x
$$;
create function pg_temp.actions(p_filter jsonb) returns text[] language sql as $$
  select coalesce(array_agg(x ->> 'action'), '{}') from pg_temp.rows(p_filter) x
$$;
create function pg_temp.here(p_more jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('machine_id', machine) || p_more from s
$$;

-- Notes.
select tests.act_as(engineer) from s;
select is(write_note(note, run, 'Bubbler refilled') ->> 'ok', 'true', 'a note is written') from s;
select is(write_note(note, run, 'Bubbler refilled') ->> 'ok', 'true', 'and asked for twice') from s;
select is(edit_note(note, 1, 'Bubbler 2 refilled') ->> 'ok', 'true', 'changed') from s;
select is(retract_note(note, 2) ->> 'ok', 'true', 'and taken back') from s;
select results_eq($$ select x ->> 'action', x #>> '{before,body}', x #>> '{after,body}', x ->> 'actor_role', (x ->> 'actor_id')::uuid, (x ->> 'run_id')::uuid from s, pg_temp.rows(pg_temp.here('{"kind": "note"}')) x $$,
  $$ select v.*, 'engineer', engineer, run from s, (values ('note_retracted', 'Bubbler 2 refilled', null), ('note_changed', 'Bubbler refilled', 'Bubbler 2 refilled'), ('note_written', null, 'Bubbler refilled')) v $$,
  'T26 who wrote, changed and took back which note, from what to what; each once');
select is(pg_temp.actions(pg_temp.here('{"text": "BUBBLER 2"}')), '{note_retracted,note_changed}', 'found by what it says and said');

-- A failed audit write fails what it was to record.
select tests.act_as_owner();
create function pg_temp.full() returns trigger language plpgsql as $$ begin raise exception using errcode = '53100', message = 'the disk is full'; end $$;
create trigger full_disk before insert on public.audit_log for each row execute function pg_temp.full();
select tests.act_as(engineer) from s;
select throws_ok($$ select write_note(gen_random_uuid(), run, 'Unrecorded') from s $$, '53100', null, 'T26 a note that cannot be audited is not written');
select throws_ok($$ select request_stop(gen_random_uuid(), machine) from s $$, '53100', null, 'T26 nor a stop asked for');
select throws_ok($$ select record_sign_in() $$, '53100', null, 'T26 nor a session begun');
select tests.act_as_owner();
drop trigger full_disk on public.audit_log;
select is_empty($$ select 1 from public.run_notes where body = 'Unrecorded' $$, 'nothing of it is there');
select is_empty($$ select 1 from public.machine_commands c, s where c.machine_id = s.machine and c.kind = 'stop' $$, 'nor of the stop');

-- Sessions.
create function pg_temp.in_session(p_person uuid, p_session text) returns void language sql as $$
  select tests.act_as(p_person);
  select set_config('request.jwt.claims', jsonb_build_object('sub', p_person, 'role', 'authenticated', 'session_id', p_session)::text, true);
$$;
select pg_temp.in_session(viewer, 'one') from s;
select is(record_sign_in(), '{"ok": true, "is_new": true}', 'a session that began is recorded');
select is(record_sign_in(), '{"ok": true, "is_new": false}', 'once');
select is(record_sign_out() ->> 'is_new', 'true', 'and its end');
select pg_temp.in_session(viewer, 'two') from s;
select is(record_sign_in() ->> 'is_new', 'true', 'another one is another');
select results_eq($$ select x ->> 'action', x ->> 'actor_name', x ->> 'actor_role' from s, pg_temp.rows(jsonb_build_object('kind', 'session', 'person_id', viewer)) x $$,
  $$ values ('signed_in', 'viewer in a test', 'viewer'), ('signed_out', 'viewer in a test', 'viewer'), ('signed_in', 'viewer in a test', 'viewer') $$, 'by name and role');
create function pg_temp.flood(p_person uuid) returns bigint language plpgsql as $$
declare
  v_new bigint := 0;
begin
  for g in 1..80 loop
    perform pg_temp.in_session(p_person, 'flood ' || g);
    v_new := v_new + (public.record_sign_in() ->> 'is_new' is not null)::integer;
  end loop;
  return v_new;
end
$$;
select is(pg_temp.flood(admin), 60::bigint, '60 a minute, and no more') from s;
select is(record_sign_in() ->> 'code', 'too_many_sign_ins', 'the next one is refused');
select tests.act_as(stranger) from s;
select is(record_sign_in() ->> 'code', 'not_signed_in', 'nobody without a profile');
select tests.act_as_owner();
update public.profiles set status = 'disabled' where id = (select viewer from s);
select pg_temp.in_session(viewer, 'three') from s;
select is(record_sign_in() ->> 'ok', 'true', 'but one whose profile is not active');
select is(read_log() -> 'rows', '[]'::jsonb, 'who reads nothing');
select tests.act_as_owner();
select set_config('request.jwt.claims', jsonb_build_object('sub', admin, 'role', 'authenticated')::text, true) from s;
update public.profiles set status = 'active', role = 'operator' where id = (select viewer from s);
select tests.act_as(engineer) from s;
select results_eq($$ select x -> 'before' ->> 'role', x -> 'before' ->> 'status', x -> 'after' ->> 'role', x -> 'after' ->> 'status', (x ->> 'actor_id')::uuid
  from s, pg_temp.rows(jsonb_build_object('kind', 'session', 'person_id', admin)) x where x ->> 'action' = 'role_changed' $$, $$ select 'viewer', 'disabled', 'operator', 'active', admin from s $$, 'T26 who changed whose role, from what to what');
select results_eq($$ select x -> 'before', x -> 'after' ->> 'is_active', x -> 'after' ->> 'person_id' from s, pg_temp.rows(pg_temp.here('{"kind": "session"}')) x where x ->> 'action' = 'assignment_changed' and x -> 'after' ->> 'person_id' = engineer::text $$,
  $$ select 'null'::jsonb, 'true', engineer::text from s $$, 'T26 and who may command a machine');

-- Who reads, who writes.
select throws_ok($$ insert into public.audit_log (actor_role, action) values ('admin', 'made_up') $$, '42501', null, 'nobody writes into it');
select throws_ok($$ update public.audit_log set reason = 'other' $$, '42501', null, 'or changes it');
select throws_ok($$ delete from public.audit_log $$, '42501', null, 'or takes something out');
select throws_ok($$ select private.record_session('signed_in') $$, '42501', null, 'nor under another name');
select tests.act_as(stranger) from s;
select is(read_log() -> 'rows', '[]'::jsonb, 'who is not known reads nothing');
select tests.act_as_controller();
select throws_ok('select record_sign_in()', '42501', null, 'a controller has no session');
select tests.act_as_nobody();
select throws_ok('select read_log()', '42501', null, 'nor is it read without a token');
select throws_ok('select record_sign_in()', '42501', null, 'or written');
select tests.act_as(viewer) from s;
select throws_ok($$ select read_log('{"kind": "gossip"}') $$, 'PT422', 'The log was not read: there is no kind "gossip".', 'there is no other kind');

-- Reading.
select is(request_stop(gen_random_uuid(), machine) ->> 'code', 'not_allowed', 'a refusal') from s;
select is((select x ->> 'reason' from pg_temp.rows(pg_temp.here('{"kind": "refusal"}')) x), 'Nothing was asked of the machine: the role operator may not command it, or it is not assigned to you.', 'stands in it word for word');
select is(pg_temp.actions(pg_temp.here('{"kind": "command"}')), '{command_requested,command_requested}', 'and what was asked for');
select is((select count(*) from pg_temp.rows(pg_temp.here('{"is_nobody": true}')) x where x ->> 'actor_id' is not null), 0::bigint, 'what nobody did');
select is((select array_agg(distinct x ->> 'run_id') from s, pg_temp.rows(jsonb_build_object('run_id', run)) x), array[run::text], 'of a run') from s;
select is(pg_temp.actions(jsonb_build_object('run_id', run)) @> '{command_requested,run_status,note_written}', true, 'with what was asked of it') from s;
select is(pg_temp.actions(jsonb_build_object('run_id', run, 'kind', 'command')), '{command_requested}', 'or that alone') from s;
select is(pg_temp.actions(pg_temp.here('{"from": "2100-01-01T00:00:00Z"}')), '{}', 'of days to come');

-- Many rows: 30 000, three a second, of which every thousandth was written a little before the one numbered before it.
select tests.act_as_owner();
insert into public.audit_log (at, actor_id, actor_role, action, machine_id, run_id, reason)
select '2001-01-01T00:00:00Z'::timestamptz + make_interval(secs => g / 3.0 - case when g % 1000 = 0 then 2 else 0 end),
  case when g % 50 = 0 then s.admin end, 'service_role', case g % 100 when 0 then 'run_marked' when 50 then 'command_rejected' when 51 then 'run_status' else 'machine_status' end,
  case when g % 4 = 0 then s.machine end, case when g % 40 = 0 then s.run end, case when g = 7 then 'needle' end
from s, generate_series(1, 30000) g;
create temporary table first on commit drop as select min(id) as id from public.audit_log where at < '2002-01-01';
grant select on first to public;
analyze public.audit_log;
create function pg_temp.indexes(p_filter jsonb, p_place bigint default null) returns text[] language plpgsql as $$
declare
  v jsonb;
begin
  execute 'explain (format json) ' || private.log_source(p_filter, p_place, false, 100) into v;
  return array(select distinct x #>> '{}' from jsonb_path_query(v, 'strict $.**."Index Name"') x) || array(select distinct 'whole' from jsonb_path_query(v, 'strict $.** ? (@."Node Type" == "Seq Scan")'));
end
$$;
select is(pg_temp.indexes('{}', 20000), '{audit_log_pkey}', 'all of it: by number');
select is(pg_temp.indexes(pg_temp.here(), 20000), '{audit_log_by_machine}', 'of a machine: by its index');
select is(pg_temp.indexes(jsonb_build_object('run_id', run)) @> '{audit_log_by_command,audit_log_by_run}', true, 'of a run: and of what was asked of it') from s;
select is(pg_temp.indexes(jsonb_build_object('person_id', admin)), '{audit_log_by_actor}', 'of a person') from s;
select is(pg_temp.indexes(pg_temp.here('{"kind": "refusal"}')), '{audit_log_by_action}', 'of a kind there is little of');
select is(pg_temp.indexes('{"from": "2001-01-01T01:00:00Z", "to": "2001-01-01T02:00:00Z"}'), '{audit_log_pkey}', 'of a time: by number too');
set local enable_seqscan = on;

select tests.act_as(viewer) from s;
create function pg_temp.pages(p_filter jsonb, p_is_newer boolean) returns bigint[] language plpgsql as $$
declare
  v_page jsonb;
  v_place bigint := case when p_is_newer then 0 end;
  v_seen bigint[] := '{}';
begin
  loop
    v_page := public.read_log(p_filter, v_place, p_is_newer, 500);
    v_seen := v_seen || array(select (x ->> 'id')::bigint from jsonb_array_elements(v_page -> 'rows') x);
    v_place := (v_page ->> 'next')::bigint;
    exit when v_place is null;
  end loop;
  return v_seen;
end
$$;
select is(pg_temp.pages('{"from": "2001-01-01T01:00:00Z", "to": "2001-01-01T01:30:00Z"}', false),
  array(select id from public.audit_log where at >= '2001-01-01T01:00:00Z' and at < '2001-01-01T01:30:00Z' order by id desc), 'a time found by halving, page by page, each row once, those out of order too');
select is(pg_temp.pages('{"from": "2001-01-01T01:00:00Z", "to": "2001-01-01T01:30:00Z"}', true),
  array(select id from public.audit_log where at >= '2001-01-01T01:00:00Z' and at < '2001-01-01T01:30:00Z' order by id), 'upwards too');
select is(pg_temp.pages(pg_temp.here('{"to": "2001-01-01T00:40:00Z"}'), false),
  array(select a.id from public.audit_log a, s where a.machine_id = s.machine and at < '2001-01-01T00:40:00Z' order by at desc, id desc), 'of a machine, in the order of time');
select is(pg_temp.pages(jsonb_build_object('person_id', admin, 'kind', 'mark'), false), array(select a.id from public.audit_log a where a.actor_id = s.admin and a.action = 'run_marked' order by id desc), 'of a person and a kind') from s;
select is((select jsonb_build_array(jsonb_array_length(p -> 'rows'), p -> 'next', (p ->> 'looked_until')::timestamptz > '2001-01-01') from read_log('{"text": "needle"}') p, first), jsonb_build_array(0, (select max(id) - 19999 from public.audit_log), true), 'a word nobody said for long: how far was looked');
select is((select array_agg(x ->> 'reason') from read_log('{"text": "needle"}') p, pg_temp.rows('{"text": "needle"}', (p ->> 'next')::bigint) x), '{needle}', 'and further on from there');

select * from finish();
