-- What a controller reports can be read afterwards, by every page.
set transaction isolation level repeatable read;
select plan(34);

create temporary table r on commit drop as select x.*, '{"seq": 1, "step_type": "valve", "step_name": "TMA pulse", "planned_ms": 100, "device_started_at": "2026-03-01T10:00:00Z", "parameters": {"valve_number": 1}}'::jsonb as step from tests.start_run(10) x;
select tests.act_as_owner();
grant select on r to public;
create function pg_temp.stepped(p_more jsonb) returns text language sql as $$
  select coalesce(a ->> 'code', 'ok') || coalesce(' ' || (a ->> 'message'), '') from (select public.record_step(run, fence, jsonb_build_array(step || p_more)) as a from r) x $$;
create function pg_temp.sampled(p_at jsonb, p_value numeric) returns text language sql as $$
  select coalesce(public.record_samples(run, fence, jsonb_build_array(jsonb_build_object('timestamp', p_at, 'values', jsonb_build_object(machine::text, p_value)))) ->> 'code', 'ok') from r $$;
insert into public.component_definitions (id, name, type) select machine, machine::text, 'heater' from r;
insert into public.component_parameter_definitions (id, component_definition_id, name, unit) select machine, machine, 'chamber_temperature', '°C' from r;
insert into public.machine_components (id, machine_id, name, type, definition_id) select machine, machine, 'Heater', 'heater', machine from r;
insert into public.component_parameters (id, component_id, definition_id, min_value, max_value) select machine, machine, machine, 0, 400 from r;

-- Moments.
select is(private.is_moment(t), e, format('a moment of %L', t)) from (values ('2026-03-01T10:00:00.102Z', true), ('2019-05-24 11:23:14+02', true), (null, true),
  ('0001-01-01T00:00:00Z BC', false), ('9999-01-01T00:00:00Z', false), ('1970-01-01T00:00:00Z', true), ('1969-12-31T00:00:00Z', false), ('infinity', false), ('now', false),
  ('2026-02-30T00:00:00Z', false), ('2026-03-01T10:00:99999', false)) v (t, e);
select matches(pg_temp.stepped('{"device_started_at": "0001-01-01T00:00:00Z BC"}'), '^step_invalid .*steps\[0\]: device_started_at', 'no step before our time');
select matches(pg_temp.stepped('{"device_started_at": "2026-02-30T00:00:00Z"}'), '^step_invalid .*device_started_at', 'nor on a day that is none');

-- Pulses.
select matches(pg_temp.stepped(p), w, format('a pulse of %s', p)) from (values ('{"pulse": "x"}'::jsonb, '^step_invalid .*pulse is not an object'),
  ('{"pulse": {"peak_torr": "NaN"}}', '^step_invalid .*no number'), ('{"pulse": {"mass_gain_ng_cm2": 1e308}}', '^step_invalid .*no number'),
  ('{"pulse": [1]}', '^step_invalid'), ('{"pulse": {"peak_torr": 1.5, "remark": "clean", "area_torr_s": null}}', '^ok')) v (p, w);

-- Samples.
select is(pg_temp.sampled(t, 1), e, format('a sample of %s', t)) from (values ('"0001-01-01T00:00:00Z BC"'::jsonb, 'sample_invalid'), ('"9999-01-01T00:00:00Z"', 'sample_invalid'),
  ('"infinity"', 'sample_invalid'), ('null', 'sample_invalid')) v (t, e);
select is(pg_temp.sampled('"2026-03-01T10:00:10Z"', 300), 'ok', 'a reading');
select is(pg_temp.sampled('"2026-03-01T09:00:00Z"', 20), 'ok', 'and one that comes an hour late');
select is((select count(*)::integer from public.process_data_points d join r on d.process_id = r.run), 2, 'are both on record');
select is((select s.process_metrics from public.process_execution_state s join r on s.execution_id = r.run),
  '{"at": "2026-03-01T10:00:10Z", "values": {"chamber_temperature": 300}}'::jsonb, 'but only the newest is shown');
select is((select p.current_value from public.component_parameters p join r on p.id = r.machine), 300::double precision, 'and weighed before a start');
select is(pg_temp.sampled('"2026-03-01T10:00:10Z"', 301), 'ok', 'of the same moment');
select is((select p.current_value from public.component_parameters p join r on p.id = r.machine), 301::double precision, 'the last one said');

-- Texts.
select is((select public.end_process(run, fence, 'failed', repeat('E', 1000000)) ->> 'ok' from r), 'true', 'a failure is told at any length');
select is((select length(x.error_message) from public.process_executions x join r on x.id = r.run), 4000, 'and kept as far as anybody reads');
select cmp_ok((select length(s.failure_description) from public.machine_state s join r on s.machine_id = r.machine), '<=', 4000, 'also of the machine');
select is(private.note_fault(run, ' ' || U&'\200B\202E', null, null, null, null), 'a text of 1 to 4 000 characters is needed', 'a note that nobody can see is none') from r;
select is(private.note_fault(run, 'x', null, null, 'infinity', null), 'no run was at that time', 'nor one about no time') from r;

select * from finish();
