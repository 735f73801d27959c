-- Good runs, and what differs from them.
set transaction isolation level repeatable read;
select plan(20);

create temporary table s on commit drop as select x.*, tests.person('engineer') as engineer, tests.person('viewer') as viewer from tests.start_run(100) x;
select tests.act_as_owner();
grant select on s to public;

-- A completed run of p_cycles of pulse (100 ms) and purge (400 ms), measured as SQL over seq g and cycle c says.
create function pg_temp.run(p_cycles integer, p_took text default 'planned') returns uuid language plpgsql as $f$
declare
  v_run uuid := gen_random_uuid();
begin
  set local session_replication_role = replica;
  insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status, start_time, end_time, last_seq, total_steps, total_cycles, end_reason)
  select v_run, r.session_id, r.machine_id, r.recipe_id, '{"recipe": {"name": "Test", "version": 3}}', r.operator_id, 'completed', '2026-01-01', '2026-02-01', p_cycles * 2, p_cycles * 2, p_cycles, 'completed'
  from public.process_executions r join s on s.run = r.id;
  execute format($q$
    insert into public.step_execution_history (process_id, seq, step_type, step_name, started_at, ended_at, end_reason, recipe_step_id, cycle, planned_ms, measured_ms, device_started_at, parameters)
    select $1, g, kind, name, '2026-01-01'::timestamptz + make_interval(secs => g - 1), '2026-01-01'::timestamptz + make_interval(secs => g), 'next', gen_random_uuid(), c, planned, %s,
      '2026-01-01'::timestamptz + make_interval(secs => g - 1), case kind when 'valve' then '{"valve_number": 1}'::jsonb else '{}' end
    from (select g, (g + 1) / 2 as c, case g %% 2 when 1 then 'valve' else 'purge' end as kind, case g %% 2 when 1 then 'Pulse' else 'Purge' end as name, case g %% 2 when 1 then 100 else 400 end as planned
      from generate_series(1, %s) g) a $q$, p_took, p_cycles * 2) using v_run;
  -- One recipe step each, with an id of this run's own: another version of the recipe.
  update public.step_execution_history h set recipe_step_id = md5(v_run::text || h.step_name)::uuid where h.process_id = v_run;
  set local session_replication_role = origin;
  perform private.roll_up_run(v_run);
  return v_run;
end
$f$;
create temporary table r on commit drop as
select pg_temp.run(100) as a, pg_temp.run(100, 'planned + 2') as b, pg_temp.run(100, 'planned + 4') as c, pg_temp.run(90, 'planned + 1 + case when c between 41 and 50 and kind = ''valve'' then 20 else 0 end') as odd;
grant select on r to public;

select tests.act_as(viewer) from s;
select is(mark_run(a, true, 'smooth') ->> 'code', 'not_allowed', 'a viewer marks no run') from r;
select tests.act_as(operator) from s;
select is(mark_run(a, true, 'smooth') ->> 'code', 'not_allowed', 'nor does an operator') from r;
select tests.act_as(engineer) from s;
select is(mark_run(gen_random_uuid(), true, 'smooth') ->> 'code', 'run_not_found', 'nobody marks a run that is not there');
select is(mark_run(a, true, ' ') ->> 'code', 'reason_missing', 'nor without a reason') from r;
select is(mark_run(run, true, 'smooth') ->> 'code', 'run_not_completed', 'a run that goes on is not good yet') from s;
select is(mark_run(a, true, 'smooth') ->> 'is_good', 'true', 'an engineer marks a run') from r;
select is(mark_run(a, false, 'a scratch was found') ->> 'is_good', 'false', 'and takes it back') from r;
select results_eq($$ select l.actor_id, l.before, l.after, l.reason from public.audit_log l where l.run_id = (select a from r) and l.action = 'run_marked' order by l.id $$,
  $$ select s.engineer, '{"is_good": false}'::jsonb, '{"is_good": true}'::jsonb, 'smooth' from s union all select s.engineer, '{"is_good": true}', '{"is_good": false}', 'a scratch was found' from s $$, 'both are in the audit log');

select throws_ok($$ select compare_runs('{}') $$, 'PT422', 'Nothing was compared: 1 to 20 runs are needed, aligned by cycle, step or start, by measured_ms or peak_torr.', 'nothing is compared with nothing');
select throws_ok($$ select compare_runs(array(select gen_random_uuid() from generate_series(1, 21))) $$, 'PT422', 'Nothing was compared: 1 to 20 runs are needed, aligned by cycle, step or start, by measured_ms or peak_torr.', 'nor more than twenty runs');
select throws_ok($$ select compare_runs(array[a], 'moon') from r $$, 'PT422', 'Nothing was compared: 1 to 20 runs are needed, aligned by cycle, step or start, by measured_ms or peak_torr.', 'nor by the moon');
select is((select (x -> 'runs')::text || (x -> 'series')::text || (x -> 'differences')::text from (select compare_runs(array[gen_random_uuid()]) as x) y), '[][][]', 'a run that is not there is only not found');

-- Without good runs: against the others.
create temporary table x on commit drop as select compare_runs(array[a, b, odd], 'cycle', 'measured_ms', 100) as x from r;
select is((select jsonb_agg(e ->> 'step_name') from x, jsonb_array_elements(x -> 'series') e), '["Pulse", "Purge"]'::jsonb, 'steps of different versions of the recipe are laid together by name');
select is((x #> '{series,0,runs,2,mean}' -> 40)::text || ' ' || (x #> '{series,0,runs,2,mean}' -> 95)::text, '121 null', 'a run that is shorter has nothing at the end') from x;
select is((x #> '{differences,0}') - array['key', 'score', 'outside', 'difference'], '{"step_name": "Pulse", "lane": "valve 1", "index": 3, "x_from": 41, "x_to": 50, "value": 121, "expected": 101, "seq": 81, "cycle": 41}'::jsonb,
  'the worst difference is one spell, with its step and cycle') from x;

-- With good runs.
create temporary table m on commit drop as select mark_run(a, true, 'good one') as a, mark_run(b, true, 'good two') as b, mark_run(c, true, 'good three') as c from r;
create temporary table z on commit drop as select compare_runs(array[odd], 'cycle', 'measured_ms', 100) as x from r;
select is((select jsonb_agg(g order by g) from z, jsonb_array_elements_text(x -> 'good_run_ids') g), (select jsonb_agg(g::text order by g::text) from r, unnest(array[a, b, c]) g (g)), 'the envelope is of the good runs of this recipe');
select is((x #> '{series,0,envelope,min}' -> 10)::text || (x #> '{series,0,envelope,median}' -> 10)::text || (x #> '{series,0,envelope,max}' -> 10)::text, '100102104', 'its lowest, middle and highest') from z;
select is((select jsonb_agg(d - array['key', 'score']) from z, jsonb_array_elements(x -> 'differences') d), '[{"step_name": "Pulse", "lane": "valve 1", "index": 1, "x_from": 41, "x_to": 50, "value": 121, "expected": 102,
  "difference": 19, "outside": 17, "seq": 81, "cycle": 41}]'::jsonb, 'what lies outside of it is listed, and nothing else');
select is((select jsonb_array_length(x #> '{series,0,x}') from (select compare_runs(array[a, odd], 'start', 'measured_ms', 50) as x from r) y) <= 51, true, 'by time, in as many points as were asked for');
select is((select x #> '{series,1,x}' -> 99 from (select compare_runs(array[a], 'step', 'measured_ms', 100) as x from r) y), '100'::jsonb, 'by step, the hundredth purge is the hundredth');

select * from finish();
