-- Refusals: being refused takes no start away from a person, and a flood of refused requests leaves few rows.
set transaction isolation level repeatable read;
select plan(20);

create temporary table m on commit drop as
select tests.machine() as machine, tests.recipe() as recipe, null::uuid as operator, null::uuid as other, null::uuid as viewer, gen_random_uuid() as first;
update m set operator = tests.person('operator', machine), other = tests.person('operator', machine), viewer = tests.person('viewer', machine);
grant select on m to public;
create function pg_temp.codes(p_times integer) returns text[]
language sql as $$
  select array_agg(distinct coalesce(public.start_process(gen_random_uuid(), m.machine, m.recipe) ->> 'code', 'started'))
  from m, generate_series(1, p_times)
$$;
create function pg_temp.start_and_stop(p_times integer) returns bigint
language sql as $$
  select count(*) filter (where (x.started ->> 'ok')::boolean and (x.stopped ->> 'ok')::boolean) from (
    select public.start_process(gen_random_uuid(), m.machine, m.recipe) as started, public.request_stop(gen_random_uuid(), m.machine) as stopped
    from m, generate_series(1, p_times)) x
$$;
create function pg_temp.rows() returns text
language sql security definer as $$
  select (select count(*) from public.machine_commands c where c.machine_id = m.machine) || ' commands, '
    || (select count(*) from public.audit_log a where a.machine_id = m.machine and a.action like 'command%') || ' audits' from m
$$;

select tests.act_as(operator) from m;
select is(start_process(first, machine, recipe) ->> 'code', 'no_controller', 'a start without a controller is refused') from m;
select is(pg_temp.codes(19), array['no_controller'], 'so are nineteen more');
select tests.act_as_controller();
select is(claim_machine(machine, 'test', 'simulated', true) ->> 'ok', 'true', 'then a controller comes') from m;
select tests.act_as(operator) from m;
select is(pg_temp.start_and_stop(12), 12::bigint, 'and twelve runs can be started: the refused ones do not count');
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'too_many_starts', 'the thirteenth within a minute is too many') from m;
select is(current_setting('response.status'), '429', 'with 429');
select is(pg_temp.codes(39), array['too_many_starts'], 'however often it is asked');

select is(pg_temp.rows(), '84 commands, 144 audits', 'sixty refusals of a minute are on record');
select is(pg_temp.codes(200), array['too_many_refusals'], 'after them a refusal is answered');
select is(current_setting('response.status'), '429', 'with 429');
select is(pg_temp.rows(), '84 commands, 144 audits', 'and leaves no row');
select is(start_process(first, machine, recipe) ->> 'code', 'no_controller', 'a request sent again is still given its first answer') from m;

select tests.act_as(other) from m;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'ok', 'true', 'nobody else is held up') from m;
select tests.act_as(operator) from m;
select is(request_stop(gen_random_uuid(), machine) ->> 'ok', 'true', 'and who was refused so often still stops a run') from m;

create function pg_temp.stops(p_times integer) returns text[]
language sql as $$
  select array_agg(distinct coalesce(public.request_stop(gen_random_uuid(), m.machine) ->> 'code', 'stopped')) from m, generate_series(1, p_times)
$$;
select is(pg_temp.stops(60), array['nothing_to_stop'], 'stops of an idle machine are refused');
select is(pg_temp.stops(60), array['too_many_refusals'], 'and leave no more rows than starts');
select tests.act_as(other) from m;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'ok', 'true', 'a run begins') from m;
select tests.act_as(viewer) from m;
select is(pg_temp.stops(60), array['not_allowed'], 'a viewer''s stops are refused');
select is(pg_temp.stops(60), array['too_many_refusals'], 'and soon leave no rows');
select tests.act_as(operator) from m;
select is(pg_temp.stops(1), array['stopped'], 'an operator''s stop passes, after any number of refused ones');

select * from finish();
