-- What an audit of that database found, and what its controllers leave behind. Ids are md5 of a word.

create function pg_temp.id(p_word text) returns uuid language sql immutable as $$ select md5(p_word)::uuid $$;

insert into auth.users (id, email) select pg_temp.id(w), w || '@lab.example' from unnest(array['super', 'machineadmin', 'op', 'gone']) w;
insert into profiles (id, username, email, role, status, legacy_role) values
  (pg_temp.id('super'), 'super', 'super@lab.example', 'Super Admin', 'active', 'superadmin'),
  (pg_temp.id('machineadmin'), 'madmin', 'machineadmin@lab.example', 'machine admin', null, null),
  (pg_temp.id('op'), 'op', 'op@lab.example', 'operator', 'active', null),
  (pg_temp.id('gone'), 'op', 'gone@lab.example', 'Operator', 'suspended', null);

-- 18 machines; 5 have a state row, 4 of these in capitals; 13 have none.
insert into machines (id, serial_number, location, lab_name, lab_institution, model, machine_type, install_date, status,
  last_maintenance_date, admin_id, is_virtual)
select pg_temp.id(s), s, 'Bay 1', 'Lab', 'Institute', 'ALD', 'thermal-ald', now() - interval '3 years', st, now(), pg_temp.id('super'), true
from (values ('MACHINE-001', 'error'), ('VIRTUAL-DEV-001', 'processing'), ('VIRTUAL-DEV-002', 'idle'), ('VIRTUAL-DEV-003', 'IDLE'),
  ('VIRTUAL-TEST-001', 'idle'), ('E2E-1', 'idle'), ('E2E-2', 'Running'), ('RT-1', 'running'), ('RT-2', 'inactive'), ('RT-3', 'offline'),
  ('SERIAL-1', 'idle'), ('SERIAL-2', 'Idle'), ('SERIAL-3', 'busy'), ('TEST-1', 'idle'), ('TEST-2', 'error'), ('TEST-3', 'idle'),
  ('TEST-4', 'PROCESSING'), ('TEST-5', 'offline')) v (s, st);
insert into machine_state (machine_id, current_state, is_failure_mode, failure_description) values
  (pg_temp.id('MACHINE-001'), 'error', true, 'Recipe execution error: pump'), (pg_temp.id('VIRTUAL-DEV-001'), 'PROCESSING', false, null),
  (pg_temp.id('VIRTUAL-DEV-002'), 'IDLE', false, null), (pg_temp.id('VIRTUAL-DEV-003'), 'IDLE', false, null),
  (pg_temp.id('VIRTUAL-TEST-001'), 'IDLE', false, null);

insert into component_definitions (id, name, type) values (pg_temp.id('gauge'), 'Gauge', 'gauge'), (pg_temp.id('valve'), 'Valve', 'valve');
insert into component_parameter_definitions (id, component_definition_id, name, unit) values (pg_temp.id('pressure'), pg_temp.id('gauge'), 'chamber_pressure', 'Torr');
insert into machine_components (id, machine_id, name, type, definition_id) values
  (pg_temp.id('g1'), pg_temp.id('VIRTUAL-DEV-001'), 'Gauge', 'gauge', pg_temp.id('gauge')),
  (pg_temp.id('v1'), pg_temp.id('VIRTUAL-DEV-001'), 'Valve 1', 'valve', pg_temp.id('valve'));
insert into component_parameters (id, component_id, min_value, max_value, current_value, definition_id, modbus_address, modbus_type, data_type) values
  (pg_temp.id('p1'), pg_temp.id('g1'), 0, 10, 1.5, pg_temp.id('pressure'), 2072, 'holding_register', 'float'),
  (pg_temp.id('p2'), pg_temp.id('v1'), 1, 0, 0, null, 11, 'coil', 'binary');
insert into user_machine_assignments (id, user_id, machine_id, is_active) values
  (pg_temp.id('a1'), pg_temp.id('op'), pg_temp.id('VIRTUAL-DEV-001'), false), (pg_temp.id('a2'), pg_temp.id('op'), pg_temp.id('VIRTUAL-DEV-001'), true),
  (pg_temp.id('a3'), pg_temp.id('op'), pg_temp.id('VIRTUAL-DEV-002'), null), (pg_temp.id('a4'), pg_temp.id('nobody'), pg_temp.id('VIRTUAL-DEV-002'), true);

insert into recipes (id, name, created_by, machine_type, chamber_temperature_set_point, pressure_set_point) values
  (pg_temp.id('al2o3'), 'Al2O3', pg_temp.id('left the lab'), 'thermal-ald', 200, 0.5);
insert into recipe_steps (id, recipe_id, sequence_number, name, type, parent_step_id) values
  (pg_temp.id('s1'), pg_temp.id('al2o3'), 1, 'Cycle', 'loop', null), (pg_temp.id('s2'), pg_temp.id('al2o3'), 2, 'TMA', 'Open valve 1', pg_temp.id('s1')),
  (pg_temp.id('s3'), pg_temp.id('al2o3'), 3, 'Purge', 'purging', pg_temp.id('s1')), (pg_temp.id('s4'), pg_temp.id('al2o3'), 4, 'Heat', 'set parameter', null),
  (pg_temp.id('s5'), pg_temp.id('al2o3'), 5, 'Shake', 'shake', null);
insert into loop_step_config (step_id, iteration_count) values (pg_temp.id('s1'), 10);
insert into valve_step_config (step_id, valve_id, valve_number, duration_ms) values (pg_temp.id('s2'), 'v1', 1, 100);
insert into purge_step_config (step_id, duration_ms) values (pg_temp.id('s3'), 3000);
insert into parameter_step_config (step_id, parameter_id, target_value, hold_duration_ms) values (pg_temp.id('s4'), pg_temp.id('p1'), 1, null);

insert into operator_sessions (id, operator_id, machine_id, session_status)
select pg_temp.id('session ' || n), pg_temp.id('op'), pg_temp.id(m), s
from (values (1, 'VIRTUAL-DEV-001', 'active'), (2, 'VIRTUAL-DEV-002', 'completed'), (3, 'RT-1', 'active'), (4, 'TEST-1', 'active')) v (n, m, s);
-- done: completed by a clock 3 s behind, with the row that opens after every completion. broken: failed, without an end.
-- live: in progress. crashed: left running. torn twice: two running runs of an idle machine.
insert into process_executions (id, session_id, machine_id, recipe_id, recipe_version, start_time, end_time, operator_id, status, parameters, updated_at)
select pg_temp.id('run ' || r), pg_temp.id('session ' || s), pg_temp.id(m), pg_temp.id('al2o3'), '{"recipe": {"name": "Al2O3", "version": 1}, "steps": []}',
  now() - b, now() - b + l, pg_temp.id(o), st::process_status, '{}', now() - b + coalesce(l, interval '0')
from (values
  ('done', 2, 'VIRTUAL-DEV-002', interval '2 days', interval '57 seconds', 'op', 'completed'),
  ('broken', 2, 'VIRTUAL-DEV-002', interval '1 day', null, 'op', 'failed'),
  ('early', 2, 'VIRTUAL-DEV-002', interval '3 days', interval '-4 seconds', 'left the lab', 'aborted'),
  ('live', 1, 'VIRTUAL-DEV-001', interval '10 minutes', null, 'op', 'running'),
  ('crashed', 3, 'RT-1', interval '40 days', null, 'op', 'running'),
  ('torn 1', 4, 'TEST-1', interval '9 days', null, 'op', 'running'),
  ('torn 2', 4, 'TEST-1', interval '8 days', null, 'op', 'preparing')) v (r, s, m, b, l, o, st);
update machines set current_process_id = pg_temp.id('run live') where id = pg_temp.id('VIRTUAL-DEV-001');
update machine_state set process_id = pg_temp.id('run live') where machine_id = pg_temp.id('VIRTUAL-DEV-001');
update machines set current_process_id = pg_temp.id('run done') where id = pg_temp.id('RT-2');
update machine_state set process_id = pg_temp.id('deleted long ago') where machine_id = pg_temp.id('VIRTUAL-DEV-003');
update operator_sessions set process_execution_id = pg_temp.id('run live') where id = pg_temp.id('session 1');

insert into process_execution_state (execution_id, total_overall_steps, progress, last_updated)
select id, 21, case when status = 'running' then null else '{}'::jsonb end, updated_at from process_executions;
insert into step_execution_history (process_id, step_number, step_type, step_name, started_at, ended_at)
select pg_temp.id('run ' || r), n, t, name, (select start_time from process_executions where id = pg_temp.id('run ' || r)) + b,
  (select start_time from process_executions where id = pg_temp.id('run ' || r)) + e
from (values
  ('done', 1, 'valve', 'TMA', interval '0', interval '10 s'), ('done', 2, 'purge', 'Purge', interval '10 s', interval '10 s'),
  ('done', 2, 'purge', 'Purge', interval '10 s', interval '60 s'), ('done', 3, 'completed', 'Recipe Completed', interval '60 s', null),
  ('broken', 1, 'valve', 'TMA', interval '0', interval '30 s'), ('broken', 2, 'purge', 'Purge', interval '5 s', interval '4 s'),
  ('broken', 3, 'error', 'Error: pump', interval '30 s', null),
  ('crashed', 1, 'valve', 'TMA', interval '0', null), ('crashed', 2, 'purge', 'Purge', interval '1 s', null),
  ('live', 1, 'loop', 'Cycle', interval '0', interval '1 s'), ('live', 1, 'valve', 'TMA', interval '1 s', null)) v (r, n, t, name, b, e);
insert into process_data_points (process_id, parameter_id, value, "timestamp")
select pg_temp.id('run done'), pg_temp.id('p1'), g, now() - interval '2 days' + make_interval(secs => g / 2) from generate_series(1, 20) g;
insert into recipe_commands (type, machine_id) values ('start_recipe', pg_temp.id('VIRTUAL-DEV-001'));
