-- Who reads and writes what. Every cell is tried, on rows that are there: s select, i insert, u update, d delete; what is
-- neither granted nor let through by row security is not in the cell. A table, view or function without a line here fails.
-- What people do to machines, runs and recipes they do through functions, so their cells say s; the controller's key writes
-- what an older controller writes.
set transaction isolation level repeatable read;

create temporary table expected_tables (name text primary key, nobody text, unknown text, disabled text, viewer text,
  elsewhere text, operator text, engineer text, admin text, service text) on commit drop;
insert into expected_tables values
  -- table                              nobody unknown disabled viewer elsewhere operator engineer admin  service
  ('audit_log',                         '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('component_definitions',             '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('component_parameter_definitions',   '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('component_parameters',              '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('loop_step_config',                  '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('machine_commands',                  '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('machine_components',                '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('machine_leases',                    '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('machine_state',                     '-',   '-',    '-',     's',   's',      's',     's',     's',   'siu'),
  ('machine_watchers',                  '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('machines',                          '-',   '-',    '-',     's',   's',      's',     's',     's',   'siu'),
  ('operator_sessions',                 '-',   '-',    '-',     's',   's',      's',     's',     's',   'siu'),
  ('parameter_step_config',             '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('process_data_points',               '-',   '-',    '-',     's',   's',      's',     's',     's',   'siu'),
  ('process_execution_state',           '-',   '-',    '-',     's',   's',      's',     's',     's',   'siu'),
  ('process_executions',                '-',   '-',    '-',     's',   's',      's',     's',     's',   'siu'),
  ('profiles',                          '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('projects',                          '-',   '-',    '-',     's',   's',      's',     'siu',   'siu', 'siud'),
  ('purge_step_config',                 '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('recipe_parameters',                 '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('recipe_steps',                      '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('recipe_versions',                   '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('recipes',                           '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('run_marks',                         '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('run_note_versions',                 '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('run_notes',                         '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('step_execution_history',            '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('steps',                             '-',   '-',    '-',     's',   's',      's',     'siu',   'siu', 'siud'),
  ('subtasks',                          '-',   '-',    '-',     's',   's',      's',     'siu',   'siu', 'siud'),
  ('user_machine_assignments',          '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('valve_step_config',                 '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  ('wait_step_config',                  '-',   '-',    '-',     's',   's',      's',     's',     's',   'siud'),
  -- view
  ('machine_parameters',                '-',   '-',    '-',     's',   's',      's',     's',     's',   's'),
  ('runs_overview',                     '-',   '-',    '-',     's',   's',      's',     's',     's',   's');

-- Where a right holds for some columns only: these, and no others.
create temporary table expected_columns (name text, role text, privilege text, columns text) on commit drop;
insert into expected_columns values
  ('process_executions', 'service_role', 'INSERT', 'created_at, description, end_time, error_message, id, machine_id, operator_id, '
    'parameters, recipe_id, recipe_version, session_id, start_time, status, updated_at'),
  ('process_executions', 'service_role', 'UPDATE', 'description, end_time, error_message, parameters, status, updated_at'),
  ('process_execution_state', 'service_role', 'INSERT', 'created_at, current_loop_count, current_loop_iteration, current_overall_step, '
    'current_parameter_id, current_parameter_value, current_purge_duration_ms, current_step, current_step_index, current_step_name, '
    'current_step_type, current_valve_duration_ms, current_valve_number, execution_id, id, last_updated, process_metrics, progress, '
    'total_overall_steps'),
  ('process_execution_state', 'service_role', 'UPDATE', 'current_loop_count, current_loop_iteration, current_overall_step, '
    'current_parameter_id, current_parameter_value, current_purge_duration_ms, current_step, current_step_index, current_step_name, '
    'current_step_type, current_valve_duration_ms, current_valve_number, last_updated, process_metrics, progress, total_overall_steps');

-- Which role may call a function at all; what it then answers to whom follows below and in every_refusal_test.sql.
create temporary table expected_functions (name text primary key, callers text) on commit drop;
insert into expected_functions values
  ('start_process', 'authenticated'), ('request_stop', 'authenticated'), ('clear_machine', 'authenticated'),
  ('reconcile_run', 'authenticated'), ('watch_machine', 'authenticated'), ('mark_run', 'authenticated'), ('save_recipe', 'authenticated'),
  ('write_note', 'authenticated'), ('edit_note', 'authenticated'), ('retract_note', 'authenticated'),
  ('record_sign_in', 'authenticated'), ('record_sign_out', 'authenticated'),
  ('read_log', 'authenticated, service_role'), ('system_report', 'authenticated, service_role'), ('log_choices', 'authenticated, service_role'),
  ('compare_runs', 'authenticated, service_role'), ('list_runs', 'authenticated, service_role'),
  ('count_runs', 'authenticated, service_role'), ('run_choices', 'authenticated, service_role'),
  ('notes_of_run', 'authenticated, service_role'), ('note_versions', 'authenticated, service_role'),
  ('create_step', 'authenticated, service_role'), ('fleet_snapshot', 'authenticated, service_role'),
  ('machine_snapshot', 'authenticated, service_role'), ('recipe_pace', 'authenticated, service_role'),
  ('list_recipes', 'authenticated, service_role'), ('recipe_page', 'authenticated, service_role'), ('recipe_version', 'authenticated, service_role'),
  ('recipe_durations', 'authenticated, service_role'), ('recipe_parts', 'authenticated, service_role'),
  ('recipe_choices', 'authenticated, service_role'), ('recipe_program', 'authenticated, service_role'), ('run_durations', 'authenticated, service_role'),
  ('run_snapshot', 'authenticated, service_role'), ('run_timeline', 'authenticated, service_role'),
  ('run_cycles', 'authenticated, service_role'), ('run_steps', 'authenticated, service_role'),
  ('run_verdict', 'authenticated, service_role'), ('run_trend', 'authenticated, service_role'), ('run_mass_gain', 'authenticated, service_role'), ('start_review', 'authenticated, service_role'),
  ('workflow_snapshot', 'authenticated, service_role'),
  ('accept_command', 'service_role'), ('advance_command', 'service_role'), ('atomic_complete_machine_state', 'service_role'),
  ('atomic_error_machine_state', 'service_role'), ('atomic_processing_machine_state', 'service_role'),
  ('atomic_update_machine_state', 'service_role'), ('check_invariants', 'service_role'), ('claim_machine', 'service_role'),
  ('end_process', 'service_role'), ('record_readings', 'service_role'), ('record_samples', 'service_role'),
  ('record_step', 'service_role'), ('release_machine', 'service_role'), ('renew_lease', 'service_role'),
  -- Called by triggers alone: as a function of its own, a trigger function refuses everybody.
  ('fn_record_step_history', 'service_role'), ('fn_close_open_step_history_on_process_end', 'service_role');

-- What a person who asks something of a machine is answered. elsewhere: an operator of another machine; let go: the
-- assignment is no longer active; engineer 2: an engineer without an assignment.
create temporary table expected_answers (name text primary key, nobody text, unknown text, disabled text, viewer text,
  elsewhere text, let_go text, operator text, engineer text, engineer_2 text, admin text, service text) on commit drop;
insert into expected_answers values
  -- function       nobody   unknown              disabled             viewer         elsewhere      let go         operator engineer engineer 2   admin  service
  ('start_process', '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'ok',  'ok', 'not_allowed', 'ok', '42501'),
  ('request_stop',  '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'ok',  'ok', 'not_allowed', 'ok', '42501'),
  ('clear_machine', '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'ok',  'ok', 'not_allowed', 'ok', '42501'),
  ('reconcile_run', '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'ok',  'ok', 'not_allowed', 'ok', '42501'),
  ('watch_machine', '42501', 'machine_not_found', 'machine_not_found', 'ok',          'ok',          'ok',          'ok',  'ok', 'ok',          'ok', '42501'),
  ('mark_run',      '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'ok', 'ok', 'ok', '42501'),
  ('record_sign_in',  '42501', 'not_signed_in',   'ok',                'ok',          'ok',          'ok',          'ok',          'ok', 'ok', 'ok', '42501'),
  ('record_sign_out', '42501', 'not_signed_in',   'ok',                'ok',          'ok',          'ok',          'ok',          'ok', 'ok', 'ok', '42501'),
  ('save_recipe',   '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'ok', 'ok', 'ok', '42501'),
  ('write_note',    '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'ok', 'ok', 'ok', '42501'),
  ('edit_note',     '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'ok', 'not_allowed', 'not_allowed', '42501'),
  ('retract_note',  '42501', 'not_signed_in',     'not_signed_in',     'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'ok', 'not_allowed', 'not_allowed', '42501'),
  ('create_step',   '42501', 'PT404',             'PT404',             '42501',       '42501',       '42501',       '42501', 'ok', 'ok',        'ok', 'ok');

select plan((select 9 * count(*)::integer from expected_tables) + (select count(*)::integer from expected_functions)
  + (select 11 * count(*)::integer from expected_answers) + 5);

-- A lab in which every table has a row, and people of every kind.
create temporary table lab on commit drop as
select m.id as idle, tests.machine('ERROR') as broken, null::uuid as lost, null::uuid as lost_run, null::uuid as playing, tests.machine() as other,
  tests.recipe() as recipe, gen_random_uuid() as part from (select tests.machine() as id) m;
create temporary table people (name text primary key, id uuid) on commit drop;
insert into people
select p.name, tests.person(p.role, case when p.is_assigned then lab.idle when p.name = 'elsewhere' then lab.other end)
from lab, (values ('unknown', null, false), ('disabled', 'operator', true), ('viewer', 'viewer', true), ('elsewhere', 'operator', false),
  ('let_go', 'operator', true), ('operator', 'operator', true), ('engineer', 'engineer', true), ('engineer_2', 'engineer', false),
  ('admin', 'admin', false)) p (name, role, is_assigned);
update public.profiles set status = 'disabled' where id = (select id from people where name = 'disabled');
create temporary table run on commit drop as select r.* from tests.start_run() r;
select tests.act_as_owner();
create temporary table lost on commit drop as select r.* from tests.start_run() r;
select tests.act_as_owner();
grant select, update on lab to public;
grant select on people, run, lost to public;
update lab set playing = (select machine from run), lost = (select machine from lost), lost_run = (select l.run from lost l);
insert into public.user_machine_assignments (user_id, machine_id)
select a.user_id, m.id from public.user_machine_assignments a, lab, unnest(array[lab.broken, lab.lost, lab.playing]) m (id)
where a.machine_id = lab.idle;
update public.user_machine_assignments set is_active = false where user_id = (select id from people where name = 'let_go');

insert into public.component_definitions (id, name, type) select part, part::text, 'heater' from lab;
insert into public.component_parameter_definitions (id, component_definition_id, name) select part, part, 'chamber_temperature' from lab;
insert into public.machine_components (id, machine_id, name, type, definition_id) select part, playing, 'Heater', 'heater', part from lab;
insert into public.component_parameters (id, component_id, definition_id, min_value, max_value) select part, part, part, 0, 400 from lab;
insert into public.recipe_parameters (recipe_id, parameter_name, parameter_value) select recipe, 'carrier_flow', 20 from lab;
with step as (insert into public.recipe_steps (recipe_id, sequence_number, name, type) select recipe, 8, 'Wait', 'wait' from lab returning id)
insert into public.wait_step_config (step_id, duration_ms) select id, 100 from step;
with step as (insert into public.recipe_steps (recipe_id, sequence_number, name, type) select tests.recipe(), 9, 'Heat', 'parameter' returning id)
insert into public.parameter_step_config (step_id, parameter_id, target_value) select step.id, part, 200 from step, lab;
insert into public.process_data_points (process_id, parameter_id, value, "timestamp") select run.run, part, 200, now() from run, lab;
insert into public.run_notes (id, process_id, body, author_id)
select lab.part, run.run, 'seen', p.id from run, lab, people p where p.name = 'engineer';
insert into public.run_marks (process_id, is_good, reason) select run.run, false, 'not yet' from run;
set constraints all immediate;
set constraints all deferred;
insert into public.machine_watchers (page_id, machine_id, person_id) select gen_random_uuid(), run.machine, run.operator from run;
insert into public.projects (id, name) values (-1, 'project');
insert into public.subtasks (id, project_id, title) values (-1, -1, 'subtask');
insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to) values (-1, -1, -1, 1, 'test', 'pending', 'TaraAider');
select tests.act_as_controller();
create temporary table made on commit drop as
select record_step(run, fence, jsonb_build_array(tests.step(1))), claim_machine(lab.idle, 'access', 'simulated', true), private.person_role() from run, lab;
select tests.act_as_owner();
update public.machine_leases set expires_at = clock_timestamp() - interval '1 minute' where machine_id = (select machine from lost);
select private.lose_controllers((select machine from lost));

-- Tries a statement with the rights of the moment and takes it back: its SQLSTATE, or the number of rows.
create function pg_temp.try(p_sql text) returns text language plpgsql as $$
declare
  v_rows bigint;
begin
  execute p_sql;
  get diagnostics v_rows = row_count;
  raise exception using errcode = 'TRIED', message = v_rows::text;
exception
  when sqlstate 'TRIED' then return sqlerrm;
  when others then return sqlstate;
end
$$;
-- A right is held when what stops the statement, if anything, is another rule than rights, and a row was in reach.
create function pg_temp.cell(p_table text, p_is_view boolean, p_columns text[]) returns text language plpgsql as $$
declare
  v_cell text := '';
begin
  if pg_temp.try(format('select 1 from public.%I', p_table)) not in ('42501', '0') then v_cell := 's'; end if;
  if p_is_view then return coalesce(nullif(v_cell, ''), '-'); end if;
  if pg_temp.try(format('insert into public.%I default values', p_table)) <> '42501' then v_cell := v_cell || 'i'; end if;
  if exists (select from unnest(p_columns) c
    where pg_temp.try(format('update public.%I set %I = %I', p_table, c, c)) not in ('42501', '0')) then v_cell := v_cell || 'u'; end if;
  if pg_temp.try(format('delete from public.%I', p_table)) not in ('42501', '0') then v_cell := v_cell || 'd'; end if;
  return coalesce(nullif(v_cell, ''), '-');
end
$$;
create function pg_temp.become(p_name text) returns void language plpgsql as $$
begin
  perform tests.act_as_owner();
  case p_name
    when 'nobody' then perform tests.act_as_nobody();
    when 'service' then perform tests.act_as_controller();
    else perform tests.act_as(p.id) from people p where p.name = p_name;
  end case;
end
$$;

create temporary table relations on commit drop as
select c.relname::text as name, c.relkind = 'v' as is_view, (
  select array_agg(a.attname::text order by a.attnum) from pg_attribute a
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a') as columns
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f');

select set_eq($$ select name from relations $$, $$ select name from expected_tables $$, 'every table and view has its line');
create function pg_temp.empty_tables() returns setof text language plpgsql as $$
declare
  v text;
begin
  for v in select name from relations loop
    if pg_temp.try(format('select 1 from public.%I', v)) = '0' then return next v; end if;
  end loop;
end
$$;
select is_empty($$ select pg_temp.empty_tables() $$, 'and rows: none is unreadable for want of them');

create function pg_temp.cells() returns table (relation text, person text, cell text) language plpgsql as $$
declare
  v_person text;
  v record;
begin
  foreach v_person in array array['nobody', 'unknown', 'disabled', 'viewer', 'elsewhere', 'operator', 'engineer', 'admin', 'service'] loop
    for v in select r.name, r.is_view, r.columns from relations r order by r.name loop
      perform pg_temp.become(v_person);
      cell := pg_temp.cell(v.name, v.is_view, v.columns);
      perform tests.act_as_owner();
      relation := v.name;
      person := v_person;
      return next;
    end loop;
  end loop;
end
$$;
select is(c.cell, to_jsonb(e) ->> c.person, format('%s as %s', c.relation, c.person))
from pg_temp.cells() c join expected_tables e on e.name = c.relation;

select bag_eq($$
  select c.relname::text, a.grantee::regrole::text, a.privilege_type, string_agg(t.attname, ', ' order by t.attname)
  from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
  where c.relnamespace = 'public'::regnamespace group by 1, 2, 3
$$, $$ select * from expected_columns $$, 'rights on single columns are these');

-- Functions.
select set_eq($$ select p.proname::text from pg_proc p where p.pronamespace = 'public'::regnamespace $$,
  $$ select name from expected_functions $$, 'every function has its line');
select is((
    select string_agg(r.rolname, ', ' order by r.rolname) from pg_roles r
    where r.rolname in ('anon', 'authenticated', 'service_role') and has_function_privilege(r.oid, p.oid, 'execute')),
  e.callers, format('%s is called by %s', e.name, e.callers))
from expected_functions e left join pg_proc p on p.proname = e.name and p.pronamespace = 'public'::regnamespace;

-- Each call is planned anew: a plan that is kept has been checked for whoever was first.
create function pg_temp.answer(p_function text) returns text language plpgsql as $$
declare
  v_call text := case p_function
    when 'start_process' then 'public.start_process(gen_random_uuid(), lab.idle, lab.recipe)'
    when 'request_stop' then 'public.request_stop(gen_random_uuid(), lab.playing)'
    when 'clear_machine' then 'public.clear_machine(gen_random_uuid(), lab.broken, ''looked at it'')'
    when 'reconcile_run' then 'public.reconcile_run(gen_random_uuid(), lab.lost_run, ''aborted'', ''looked at it'')'
    when 'watch_machine' then 'public.watch_machine(lab.idle, gen_random_uuid())'
    when 'mark_run' then 'public.mark_run(lab.lost_run, false, ''looked at it'')'
    when 'record_sign_in' then 'public.record_sign_in()'
    when 'record_sign_out' then 'public.record_sign_out()'
    when 'save_recipe' then 'public.save_recipe(gen_random_uuid(), 0, jsonb_build_object(''recipe'', ''{"name": "Wait", "machine_type": "thermal-ald", "chamber_temperature_set_point": 20, "pressure_set_point": 1}''::jsonb, ''steps'', jsonb_build_array(jsonb_build_object(''id'', gen_random_uuid(), ''name'', ''Wait'', ''type'', ''wait'', ''duration_ms'', 1))))'
    when 'write_note' then 'public.write_note(gen_random_uuid(), lab.lost_run, ''seen'')'
    when 'edit_note' then 'public.edit_note(lab.part, 1, ''seen again'')'
    when 'retract_note' then 'public.retract_note(lab.part, 1)'
    when 'create_step' then 'public.create_step(-1, ''test'', ''TaraAider'')'
  end;
  v_answer jsonb;
begin
  execute format('select %s from lab', v_call) into v_answer;
  raise exception using errcode = 'TRIED', message = coalesce(v_answer ->> 'code', case v_answer ->> 'ok' when 'true' then 'ok' end);
exception
  when sqlstate 'TRIED' then return sqlerrm;
  when others then return sqlstate;
end
$$;
create function pg_temp.answers() returns table (function text, person text, answer text) language plpgsql as $$
begin
  for function, person in
    select e.name, p.name from expected_answers e,
      unnest(array['nobody', 'unknown', 'disabled', 'viewer', 'elsewhere', 'let_go', 'operator', 'engineer', 'engineer_2', 'admin', 'service']) p (name)
  loop
    perform pg_temp.become(person);
    answer := pg_temp.answer(function);
    perform tests.act_as_owner();
    return next;
  end loop;
end
$$;
select is(a.answer, to_jsonb(e) ->> a.person, format('%s by %s', a.function, a.person))
from pg_temp.answers() a join expected_answers e on e.name = a.function;
select is_empty($$
  select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace and p.provolatile = 'v'
    and has_function_privilege('authenticated', p.oid, 'execute') and p.proname not in (select name from expected_answers)
$$, 'whatever a person may call that changes something is tried as everybody');

select * from finish();
