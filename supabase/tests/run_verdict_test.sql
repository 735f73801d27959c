-- The verdict on a run: seeded faults, each found at its step and cycle; of clean runs nothing.
set transaction isolation level repeatable read;
select plan(28);

create temporary table s on commit drop as select x.* from tests.start_run(1000) x;
select tests.act_as_owner();
grant select on s to public;

-- A completed run of p_cycles of pulse 1 (100 ms), purge (3 s), pulse 2 (100 ms), purge (4 s): lag and peak of a step depend on
-- its number alone and look like noise (1.5 ± 0.4 ms, peaks ± 6 %, a source losing 2 % in a thousand pulses). p_off adds ms, p_peak multiplies the
-- peak, as SQL over seq g, place p (0 to 3) and cycle c.
create function pg_temp.run(p_cycles integer, p_off text default '0', p_peak text default '1') returns uuid language plpgsql as $f$
declare
  v_run uuid := gen_random_uuid();
begin
  set local session_replication_role = replica;
  insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, operator_id, status, start_time, end_time, last_seq, total_steps, total_cycles, end_reason)
  select v_run, r.session_id, r.machine_id, r.recipe_id, '{}', r.operator_id, 'completed', '2026-01-01', '2026-02-01', p_cycles * 4, p_cycles * 4, p_cycles, 'completed'
  from public.process_executions r join s on s.run = r.id;
  execute format($q$
    insert into public.step_execution_history (process_id, seq, step_type, step_name, started_at, ended_at, end_reason, recipe_step_id, cycle, loop_path, planned_ms, measured_ms, device_started_at, parameters, pulse)
    select $1, g, case p %% 2 when 0 then 'valve' else 'purge' end, (array['A', 'A purge', 'B', 'B purge'])[p + 1], at, at + make_interval(secs => took / 1000), 'next',
      ('00000000-0000-4000-8000-00000000000' || p)::uuid, c, array[c], planned, took, at, case p %% 2 when 0 then jsonb_build_object('valve_number', p / 2 + 1) else '{}' end,
      case p %% 2 when 0 then jsonb_build_object('peak_torr', peak) end
    from (select *, '2026-01-01'::timestamptz + make_interval(secs => (sum(took) over (order by g) - took) / 1000) as at from (
      select *, round((planned + case p %% 2 when 0 then 1.5 + 0.4 * noise else 0 end + (%s))::numeric, 3)::float8 as took,
        round((0.055 * (1 + p / 2) * (1 + 0.06 * other) * exp(-2e-5 * c) * (%s))::numeric, 5) as peak from (
        select g, p, (g + 3) / 4 as c, (array[100, 3000, 100, 4000])[p + 1] as planned,
          sqrt(3) * (2 * (('x' || substr(md5('a' || g), 1, 7))::bit(28)::integer / 268435456.0) - 1) as noise,
          sqrt(3) * (2 * (('x' || substr(md5('b' || g), 1, 7))::bit(28)::integer / 268435456.0) - 1) as other
        from (select g, (g - 1) %% 4 as p from generate_series(1, %s) g) a) b) d) e $q$, p_off, p_peak, p_cycles * 4) using v_run;
  set local session_replication_role = origin;
  perform private.roll_up_run(v_run);
  return v_run;
end
$f$;
create function pg_temp.findings(p_run uuid) returns table (kind text, step text, from_seq integer, to_seq integer, from_cycle integer, to_cycle integer, count integer) language sql as $$
  select f ->> 'kind', f ->> 'step_name', (f ->> 'from_seq')::integer, (f ->> 'to_seq')::integer, (f ->> 'from_cycle')::integer, (f ->> 'to_cycle')::integer, (f ->> 'count')::integer
  from json_array_elements(public.run_verdict(p_run) -> 'findings') f
$$;

select is(run_verdict(gen_random_uuid())::text, null, 'no verdict on no run');
select is((select (a ->> 'last_seq') || ' ' || (a ->> 'is_complete') || ' ' || (a ->> 'findings_total') from (select run_verdict(run) as a from s) x), '0 true 0', 'nothing wrong with a run without steps');
select is((select array_agg(c ->> 'kind') from s, json_array_elements(run_verdict(run) -> 'commands') c), array['start'], 'what was commanded');

-- Clean runs.
select is_empty($$ select * from pg_temp.findings(pg_temp.run(3)) $$, 'clean: 3 cycles');
select is_empty($$ select * from pg_temp.findings(pg_temp.run(60)) $$, 'clean: 60 cycles');
select is_empty($$ select * from pg_temp.findings(pg_temp.run(1000)) $$, 'clean: 1 000 cycles');
select is_empty($$ select * from pg_temp.findings(pg_temp.run(6000)) $$, 'clean: 6 000 cycles');

-- Seeded faults.
select results_eq($$ select * from pg_temp.findings(pg_temp.run(1000, 'case when g = 401 then 10 else 0 end')) $$, $$ values ('valve_long', 'A', 401, 401, 101, 101, 1) $$, 'one pulse 10 % too long');
select results_eq($$ select kind, step, from_seq, from_cycle, to_cycle, count from pg_temp.findings(pg_temp.run(1000, 'case when p = 2 and c between 301 and 700 then 10 else 0 end')) $$,
  $$ values ('valve_long', 'B', 1203, 301, 700, 400) $$, 'a valve 10 % too long for 400 cycles: one finding');
select results_eq($$ select kind, step, from_seq, from_cycle, to_cycle, count from pg_temp.findings(pg_temp.run(200, 'case when p = 0 then 10 else 0 end')) $$,
  $$ values ('valve_long', 'A', 1, 1, 200, 200) $$, 'a valve 10 % too long from the first cycle to the last');
select results_eq($$ select * from pg_temp.findings(pg_temp.run(6000, 'case when g = 16001 then -40 else 0 end')) $$, $$ values ('valve_short', 'A', 16001, 16001, 4001, 4001, 1) $$, 'one pulse too short in 24 000 steps');
select results_eq($$ select * from pg_temp.findings(pg_temp.run(1000, '0', 'case when g in (1843, 2003) then 0 else 1 end')) $$,
  $$ values ('missing_pulse', 'B', 1843, 1843, 461, 461, 1), ('missing_pulse', 'B', 2003, 2003, 501, 501, 1) $$, 'two pulses without a peak');
select results_eq($$ select kind, step, from_seq, from_cycle, to_cycle, count from pg_temp.findings(pg_temp.run(1000, '0', 'case when p = 0 and c between 400 and 600 then 0 else 1 end')) $$,
  $$ values ('missing_pulse', 'A', 1597, 400, 600, 201) $$, 'two hundred in a row');
select results_eq($$ select * from pg_temp.findings(pg_temp.run(1000, 'case when g = 148 then 8200 else 0 end')) $$, $$ values ('stuck_purge', 'B purge', 148, 148, 37, 37, 1) $$, 'one stuck purge');
select results_eq($$ select * from pg_temp.findings(pg_temp.run(6000, 'case when g = 20004 then 8200 else 0 end')) $$, $$ values ('stuck_purge', 'B purge', 20004, 20004, 5001, 5001, 1) $$, 'in a long run as well');
select results_eq($$ select kind, step, from_cycle, to_cycle from pg_temp.findings(pg_temp.run(1000, 'case when p = 1 then 30 * c / 1000.0 else 0 end')) $$,
  $$ values ('duration_drift', 'A purge', 1, 1000) $$, 'a drift of 1 % over 1 000 cycles');
select results_eq($$ select kind, step, from_cycle <= 6, to_cycle from pg_temp.findings(pg_temp.run(1000, 'case when p = 0 then c / 1000.0 else 0 end')) $$,
  $$ values ('duration_drift', 'A', true, 1000) $$, 'of a pulse as well, in its noise');
select results_eq($$ select kind, step, abs(from_cycle - 501) <= 5, to_cycle from pg_temp.findings(pg_temp.run(1500, 'case when p = 3 then 40 * greatest(c - 501, 0) / 1000.0 else 0 end')) $$,
  $$ values ('duration_drift', 'B purge', true, 1500) $$, 'one that begins in the middle, found within five cycles');
select results_eq($$ select kind, step, to_cycle from pg_temp.findings(pg_temp.run(1000, '0', 'case p when 2 then 1 - 0.3 * c / 1000.0 else 1 end')) $$, $$ values ('peak_drift', 'B', 1000) $$, 'a source that runs low');

-- A heater: 60 cycles of 7.2 s, step 241 sets 180 °C within 10 s, then 60 cycles more; the window of the recipe is 5 °C.
insert into public.component_definitions (id, name, type) select machine, machine::text, 'heater' from s;
insert into public.component_parameter_definitions (id, component_definition_id, name, unit) select machine, machine, 'chamber_temperature', '°C' from s;
insert into public.machine_components (id, machine_id, name, type, definition_id) select machine, machine, 'Heater', 'heater', machine from s;
insert into public.component_parameters (id, component_id, definition_id, min_value, max_value) select machine, machine, machine, 0, 400 from s;
-- The temperature as SQL over t, seconds since the start; the set-point is in force from 432 s.
create function pg_temp.heated(p_temperature text) returns uuid language plpgsql as $f$
declare
  v_run uuid := pg_temp.run(120);
begin
  set local session_replication_role = replica;
  update public.process_executions r set recipe_version = '{"parameters": [{"name": "chamber_temperature", "value": 150, "unit": "°C", "min": 145, "max": 155}]}' where r.id = v_run;
  update public.step_execution_history h set step_type = 'parameter', step_name = 'Heat', cycle = null, recipe_step_id = gen_random_uuid(), planned_ms = 3000, measured_ms = 3000, pulse = null,
    parameters = jsonb_build_object('parameter_id', (select machine from s), 'parameter_value', 180) where h.process_id = v_run and h.seq = 242;
  set local session_replication_role = origin;
  perform private.roll_up_run(v_run);
  execute format($q$ insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp")
    select $1, s.machine, %s, case when t < 432.2 then 150 else 180 end, '2026-01-01'::timestamptz + make_interval(secs => t) from s, generate_series(0, 860) t $q$, p_temperature) using v_run;
  return v_run;
end
$f$;
select is_empty($$ select * from pg_temp.findings(pg_temp.heated('case when t < 433 then 150 else 180 end + sin(t)')) $$, 'clean: the set-point is reached in its time');
select results_eq($$ select kind, step, from_seq, to_seq from pg_temp.findings(pg_temp.heated('case when t < 433 then 150 else least(180, 150 + (t - 433) * 0.5) end')) $$,
  $$ values ('late_heater', 'Heat', 242, 272) $$, 'a heater that is late by fifty seconds: the step that set it, and the one in which it was there');
select results_eq($$ select kind, from_cycle, to_seq - from_seq between 14 and 34 from pg_temp.findings(pg_temp.heated('case when t < 433 then 150 else 180 end + case when t between 720 and 770 then 9 else 0 end')) $$,
  $$ values ('out_of_window', 100, true) $$, 'a temperature out of its window for fifty seconds');
select is_empty($$ select * from pg_temp.findings(pg_temp.heated('case when t < 433 then 150 else 180 end + case when t between 720 and 735 then 9 else 0 end')) $$, 'for fifteen it is none');

-- Steps that are not there.
create temporary table gap on commit drop as select pg_temp.run(100) as run;
delete from public.step_execution_history h using gap where h.process_id = gap.run and h.seq between 50 and 52;
select is((select (a ->> 'is_complete') || ' ' || (a ->> 'missing_count') || ' ' || (a ->> 'missing') from (select run_verdict(run) as a from gap) x), 'false 3 [{"from_seq" : 50, "to_seq" : 52}]', 'what is missing is named');

-- The strobe.
create temporary table folded on commit drop as select pg_temp.run(1000, 'case when g = 401 then 10 else 0 end', 'case when g = 1843 then 0 else 1 end') as run;
create temporary table c on commit drop as select run_cycles(run, 1, null, 100)::jsonb as a from folded;
select is((select (a -> 'phases' -> 2 ->> 'step_name') || ' ' || (a -> 'phases' -> 2 ->> 'offset_ms') || ' ' || jsonb_array_length(a #> '{rows,from_cycle}') || ' ' ||
  (select sum(x::integer) from jsonb_array_elements_text(a #> '{cells,0,count}') x) || ' ' ||
  (select (a #>> array['cells', '0', 'worst_cycle', (i - 1)::text]) from jsonb_array_elements(a #> '{cells,0,worst_seq}') with ordinality w (x, i) where x = '401') || ' ' ||
  (select count(*) from jsonb_array_elements(a #> '{cells,2,peak_min_seq}') x where x = '1843') from c), 'B 3100 100 1000 101 1', 'cycles folded: every step in a cell, the worst named');

select is((select jsonb_agg(x) from c, lateral (select (a #>> array['cells', '1', 'measured_ms', (i - 1)::text])::float8 = (
    select round(avg(h.measured_ms), 3)::float8 from public.step_execution_history h, folded where h.process_id = folded.run and h.step_name = 'A purge'
      and h.seq between (a #>> array['rows', 'from_seq', (i - 1)::text])::integer and (a #>> array['rows', 'to_seq', (i - 1)::text])::integer) as x
  from generate_series(1, 100) i) y where not x), null, 'a cell is the mean of the steps of its row');
select is((select (a #> '{rows,from_cycle}')::text || (a #> '{rows,from_seq}')::text || (a #> '{cells,0,worst_ms}')::text from (select run_cycles(run, 101, 100, 10)::jsonb as a from folded) x),
  (select '[100, 101][397, 401]' || jsonb_build_array(max(deviation_ms) filter (where cycle = 100), max(deviation_ms) filter (where cycle = 101))::text
    from public.step_execution_history, folded where process_id = folded.run and step_name = 'A' and cycle in (100, 101)), 'close up, a row is a cycle; turned about, the window is the same');
select is((select a ->> 'phases' from (select run_cycles(run) as a from s) x), '[]', 'a run without cycles has no phases');

select * from finish();
