-- The list of runs: filters, orders, pages, the sparkline, and who may read it.
set transaction isolation level repeatable read;
select plan(27);

create temporary table s on commit drop as select x.*, tests.person('viewer') as viewer from tests.start_run(100) x;
select tests.act_as_owner();
grant select on s to public;
-- 60 runs of one machine: run n begins n hours after the year, lasts n % 7 minutes, has n % 5 deviations.
create temporary table r on commit drop as select n, md5('list ' || n || (select run from s))::uuid as id from generate_series(1, 60) n;
grant select on r to public;
set local session_replication_role = replica;
insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status, start_time, end_time, last_seq, deviation_count, end_reason, description)
select r.id, x.session_id, x.machine_id, x.recipe_id, jsonb_build_object('recipe', jsonb_build_object('name', 'Oxide-' || r.n % 3, 'version', 1 + r.n % 2)), x.operator_id,
  (case r.n % 4 when 0 then 'failed' when 1 then 'aborted' else 'completed' end)::public.process_status, '2026-01-01T00:00:00Z'::timestamptz + make_interval(hours => r.n), '2026-01-01T00:00:00Z'::timestamptz + make_interval(hours => r.n, mins => r.n % 7),
  0, r.n % 5, 'completed', 'Wafer 100%_' || r.n || case when r.n = 17 then ' with a "quoted" \back' else '' end
from r, public.process_executions x where x.id = (select run from s);
set local session_replication_role = origin;
select private.keep_run_card(id) from r;
create function pg_temp.listed(p_filter jsonb, p_sort text default 'start_time', p_desc boolean default true, p_limit integer default 1000) returns integer[] language sql as $$
  select coalesce(array_agg(r.n order by i), '{}') from jsonb_array_elements(public.list_runs(p_filter || jsonb_build_object('machine_ids', jsonb_build_array((select machine from s))), p_sort, p_desc, null, p_limit) -> 'rows') with ordinality e (x, i)
  join r on r.id = (x ->> 'run_id')::uuid
$$;

select tests.act_as(viewer) from s;
select is(pg_temp.listed('{}'), array(select n from r order by n desc), 'newest first');
select is(pg_temp.listed('{}', 'start_time', false), array(select n from r order by n), 'or oldest');
select is(pg_temp.listed('{}', 'duration'), array(select n from r order by n % 7 desc, id desc), 'by duration');
select is(pg_temp.listed('{}', 'deviation_count', false), array(select n from r order by n % 5, id), 'by deviations');
select is(pg_temp.listed('{}', 'recipe'), array(select n from r order by n % 3 desc, id desc), 'by recipe');
select is(pg_temp.listed('{"statuses": ["failed", "aborted"]}'), array(select n from r where n % 4 < 2 order by n desc), 'of some status');
select is(pg_temp.listed('{"recipe_version": 2}'), array(select n from r where n % 2 = 1 order by n desc), 'of a version');
select is(pg_temp.listed('{"from": "2026-01-01T10:00:00Z", "to": "2026-01-01T12:00:00Z"}'), array[11, 10], 'of a time, without its end');
select is(pg_temp.listed('{"has_deviation": false}'), array(select n from r where n % 5 = 0 order by n desc), 'without deviations');
select is(pg_temp.listed('{"min_deviations": 4}'), array(select n from r where n % 5 = 4 order by n desc), 'with four or more');
select is(pg_temp.listed('{"text": "wafer OXIDE-2"}'), array(select n from r where n % 3 = 2 order by n desc), 'by words, in any case');
select is(pg_temp.listed('{"text": "100%_17"}'), array[17], 'of which every letter stands for itself');
select is(pg_temp.listed('{"text": "\"quoted\" \\back"}'), array[17], 'quotes and backslashes too');
select is(pg_temp.listed('{"text": "''; drop table runs --"}'), '{}', 'and nothing is carried out');
select is(count_runs(jsonb_build_object('machine_ids', jsonb_build_array(machine)), 50), '{"count": 50, "is_capped": true}', 'counted up to a bound') from s;

-- Pages.
create function pg_temp.pages(p_sort text, p_desc boolean) returns integer[] language plpgsql as $$
declare
  v_page jsonb;
  v_after jsonb;
  v_seen integer[] := '{}';
begin
  loop
    v_page := public.list_runs(jsonb_build_object('machine_ids', jsonb_build_array((select machine from s)), 'statuses', '["completed", "failed", "aborted"]'::jsonb), p_sort, p_desc, v_after, 7);
    v_seen := v_seen || array(select r.n from jsonb_array_elements(v_page -> 'rows') with ordinality e (x, i) join r on r.id = (x ->> 'run_id')::uuid order by i);
    v_after := v_page -> 'next';
    exit when jsonb_typeof(v_after) = 'null';
  end loop;
  return v_seen;
end
$$;
select is(pg_temp.pages('duration', true), pg_temp.listed('{"statuses": ["completed", "failed", "aborted"]}', 'duration'), 'page by page, each run once, in order');
select is(pg_temp.pages('start_time', false), pg_temp.listed('{"statuses": ["completed", "failed", "aborted"]}', 'start_time', false), 'upwards too');
create temporary table p on commit drop as
  select list_runs(f, 'duration', true, null, 10) as one, list_runs(f, 'duration', true, list_runs(f, 'duration', true, null, 10) -> 'next', 10) as two, list_runs(f, 'duration', true, null, 60) as whole
  from (select jsonb_build_object('run_ids', jsonb_agg(id)) as f from r) x;
select is(list_runs(jsonb_build_object('run_ids', (select jsonb_agg(id) from r)), 'duration', false, two -> 'first', 10) #> '{rows,9}' -> 'run_id', one #> '{rows,0,run_id}', 'downwards again: the page before') from p;
select is(list_runs(jsonb_build_object('run_ids', (select jsonb_agg(id) from r)), 'duration', false, two -> 'first', 10) -> 'next', 'null'::jsonb, 'before which there is none') from p;
select is(jsonb_build_array(jsonb_array_length(whole -> 'rows'), whole -> 'next'), '[60, null]'::jsonb, 'a page that is exactly full leads nowhere') from p;
select is(list_runs(jsonb_build_object('run_ids', jsonb_build_array((select id from r where n = 5)))) #>> '{rows,0,description}', 'Wafer 100%_5', 'a named run');
select is(list_runs(jsonb_build_object('machine_ids', jsonb_build_array(machine))) #>> '{rows,0,driver}', (select r.parameters ->> 'driver' from public.process_executions r where r.id = run), 'what played it') from s;
select throws_ok($$ select list_runs('{}', 'moon') $$, 'PT422', 'The runs were not listed: there is no order by "moon".', 'there is no other order');

-- A run that is played: in the list at once, and with its sparkline when it has ended.
select tests.act_as_controller();
select is(record_step(run, fence, (select jsonb_agg(tests.step(g, 'valve', jsonb_build_object('measured_ms', 100 + g))) from generate_series(1, 48) g)) ->> 'ok', 'true', 'a run plays') from s;
select is(end_process(run, fence, 'completed') ->> 'ok', 'true', 'and ends') from s;
set constraints all immediate;
select tests.act_as(viewer) from s;
select results_eq($$ select x ->> 'status', (x ->> 'last_seq')::integer, x -> 'sparkline' from s, jsonb_array_elements(list_runs(jsonb_build_object('machine_ids', jsonb_build_array(machine))) -> 'rows') x where x ->> 'run_id' = run::text $$,
  $$ select 'completed', 48, jsonb_agg(2 * g) from generate_series(1, 24) g $$, 'its farthest deviations, part by part');
select tests.act_as(gen_random_uuid());
select is(list_runs() -> 'rows', '[]'::jsonb, 'who is not known reads none');

select * from finish();
