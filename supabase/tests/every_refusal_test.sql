-- Every code a function can answer with is provoked here, with its HTTP status; and every code its body can reach is named
-- in its comment and provoked: a function that learns a new refusal fails until it has a line.
set transaction isolation level repeatable read;

create temporary table lab on commit drop as
select tests.machine() as idle, tests.machine() as unheld, tests.machine() as busy, tests.machine() as cold, tests.machine() as hot,
  tests.machine('ERROR') as broken, tests.machine() as spare, tests.recipe() as good, tests.recipe() as endless, tests.recipe(2, 'plasma-ald') as plasma,
  gen_random_uuid() as heater, null::uuid as operator, null::uuid as engineer, gen_random_uuid() as note, null::uuid as viewer, null::uuid as unknown, gen_random_uuid() as used;
create temporary table playing on commit drop as select r.* from tests.start_run() r;
select tests.act_as_owner();
create temporary table over on commit drop as select r.* from tests.start_run() r;
select tests.act_as_owner();
create temporary table lost on commit drop as select r.* from tests.start_run() r;
select tests.act_as_owner();
grant select, update on lab to public;
grant select on playing, over, lost to public;
update lab set operator = tests.person('operator', idle), engineer = tests.person('engineer', idle), viewer = tests.person('viewer', idle), unknown = tests.person(null);
insert into public.user_machine_assignments (user_id, machine_id)
select lab.operator, m from lab, playing, over, lost,
  unnest(array[unheld, busy, cold, hot, broken, playing.machine, over.machine, lost.machine]) m;
delete from public.recipe_steps s using lab where s.recipe_id = lab.endless and s.type <> 'loop';
insert into public.machine_commands (id, machine_id, kind, status, settled_at, refusal_code, requested_by, payload)
select used, idle, 'stop', 'rejected', now(), 'nothing_to_stop', operator, '{}'::jsonb from lab
union all
select gen_random_uuid(), busy, 'start', 'superseded', now(), null, operator, '{}' from lab, generate_series(1, 12)
union all
select gen_random_uuid(), over.machine, kind, 'rejected', now(), 'not_allowed', lab.operator, '{}'
from lab, over, unnest(array['start', 'stop', 'clear', 'reconcile']) kind, generate_series(1, 60);
insert into public.audit_log (actor_id, actor_role, action, after)
select engineer, 'engineer', a, '{"session": "another"}' from lab, unnest(array['signed_in', 'signed_out']) a, generate_series(1, 60);
insert into public.run_notes (id, process_id, body, author_id) select note, playing.run, 'seen', engineer from lab, playing;
insert into public.component_definitions (id, name, type) select heater, heater::text, 'heater' from lab;
insert into public.component_parameter_definitions (id, component_definition_id, name, unit) select heater, heater, 'chamber_temperature', '°C' from lab;
insert into public.machine_components (id, machine_id, name, type, definition_id)
select m, m, 'Heater', 'heater', heater from lab, unnest(array[cold, hot]) m;
insert into public.component_parameters (component_id, definition_id, min_value, max_value, current_value, read_at)
select cold, heater, 0, 100, 50, null::timestamptz from lab union all select hot, heater, 0, 300, 400, clock_timestamp() from lab;
select tests.act_as_controller();
create temporary table held on commit drop as select claim_machine(m, 'held', 'simulated', true) from lab, unnest(array[idle, busy, cold, hot, spare]) m;
create temporary table done on commit drop as
select record_step(p.run, p.fence, jsonb_build_array(tests.step(1))), end_process(o.run, o.fence, 'completed') from playing p, over o;
select tests.act_as_owner();
update public.machine_leases set expires_at = clock_timestamp() - interval '1 minute' where machine_id = (select machine from lost);
select private.lose_controllers((select machine from lost));

create temporary table refusals (function text, status integer, code text, caller text, arguments text) on commit drop;
insert into refusals values
  ('start_process', 403, 'not_signed_in', 'unknown', 'gen_random_uuid(), idle, good'),
  ('start_process', 403, 'not_allowed', 'viewer', 'gen_random_uuid(), idle, good'),
  ('start_process', 422, 'command_id_missing', 'operator', 'null, idle, good'),
  ('start_process', 422, 'command_id_reused', 'operator', 'used, idle, good'),
  ('start_process', 404, 'machine_not_found', 'operator', 'gen_random_uuid(), gen_random_uuid(), good'),
  ('start_process', 404, 'recipe_not_found', 'operator', 'gen_random_uuid(), idle, gen_random_uuid()'),
  ('start_process', 409, 'machine_not_idle', 'operator', 'gen_random_uuid(), playing.machine, good'),
  ('start_process', 412, 'stale_version', 'operator', 'gen_random_uuid(), idle, good, 0'),
  ('start_process', 412, 'recipe_changed', 'operator', 'gen_random_uuid(), idle, good, null, ''{}'', null, ''v1-0'''),
  ('start_process', 422, 'program_invalid', 'operator', 'gen_random_uuid(), idle, endless'),
  ('start_process', 422, 'parameters_invalid', 'operator', 'gen_random_uuid(), idle, good, null, ''[1]'''),
  ('start_process', 422, 'notes_too_long', 'operator', 'gen_random_uuid(), idle, good, null, ''{}'', repeat(''n'', 4001)'),
  ('start_process', 422, 'recipe_not_for_machine', 'operator', 'gen_random_uuid(), idle, plasma'),
  ('start_process', 422, 'set_point_out_of_limits', 'operator', 'gen_random_uuid(), cold, good'),
  ('start_process', 409, 'reading_out_of_limits', 'operator', 'gen_random_uuid(), hot, good'),
  ('start_process', 423, 'no_controller', 'operator', 'gen_random_uuid(), unheld, good'),
  ('start_process', 429, 'too_many_starts', 'operator', 'gen_random_uuid(), busy, good'),
  ('start_process', 429, 'too_many_refusals', 'operator', 'gen_random_uuid(), over.machine, good'),
  ('request_stop', 403, 'not_signed_in', 'unknown', 'gen_random_uuid(), idle'),
  ('request_stop', 403, 'not_allowed', 'viewer', 'gen_random_uuid(), idle'),
  ('request_stop', 422, 'command_id_missing', 'operator', 'null, idle'),
  ('request_stop', 422, 'command_id_reused', 'operator', 'used, idle'),
  ('request_stop', 404, 'machine_not_found', 'operator', 'gen_random_uuid(), gen_random_uuid()'),
  ('request_stop', 409, 'nothing_to_stop', 'operator', 'gen_random_uuid(), idle'),
  ('request_stop', 409, 'run_not_current', 'operator', 'gen_random_uuid(), playing.machine, gen_random_uuid()'),
  ('request_stop', 422, 'mode_unknown', 'operator', 'gen_random_uuid(), playing.machine, null, ''soon'''),
  ('request_stop', 429, 'too_many_refusals', 'operator', 'gen_random_uuid(), over.machine'),
  ('clear_machine', 403, 'not_signed_in', 'unknown', 'gen_random_uuid(), broken, ''looked at it'''),
  ('clear_machine', 403, 'not_allowed', 'viewer', 'gen_random_uuid(), broken, ''looked at it'''),
  ('clear_machine', 422, 'command_id_missing', 'operator', 'null, broken, ''looked at it'''),
  ('clear_machine', 422, 'command_id_reused', 'operator', 'used, broken, ''looked at it'''),
  ('clear_machine', 404, 'machine_not_found', 'operator', 'gen_random_uuid(), gen_random_uuid(), ''looked at it'''),
  ('clear_machine', 422, 'reason_missing', 'operator', 'gen_random_uuid(), broken, ''ok'''),
  ('clear_machine', 409, 'not_in_error', 'operator', 'gen_random_uuid(), idle, ''looked at it'''),
  ('clear_machine', 429, 'too_many_refusals', 'operator', 'gen_random_uuid(), over.machine, ''looked at it'''),
  ('reconcile_run', 403, 'not_signed_in', 'unknown', 'gen_random_uuid(), lost.run, ''aborted'', ''looked at it'''),
  ('reconcile_run', 403, 'not_allowed', 'viewer', 'gen_random_uuid(), lost.run, ''aborted'', ''looked at it'''),
  ('reconcile_run', 422, 'command_id_missing', 'operator', 'null, lost.run, ''aborted'', ''looked at it'''),
  ('reconcile_run', 422, 'command_id_reused', 'operator', 'used, lost.run, ''aborted'', ''looked at it'''),
  ('reconcile_run', 404, 'machine_not_found', 'operator', 'gen_random_uuid(), gen_random_uuid(), ''aborted'', ''looked at it'''),
  ('reconcile_run', 422, 'reason_missing', 'operator', 'gen_random_uuid(), lost.run, ''aborted'', null'),
  ('reconcile_run', 422, 'outcome_unknown', 'operator', 'gen_random_uuid(), lost.run, ''completed'', ''looked at it'''),
  ('reconcile_run', 409, 'not_unknown', 'operator', 'gen_random_uuid(), playing.run, ''aborted'', ''looked at it'''),
  ('reconcile_run', 429, 'too_many_refusals', 'operator', 'gen_random_uuid(), over.run, ''aborted'', ''looked at it'''),
  ('watch_machine', 404, 'machine_not_found', 'operator', 'gen_random_uuid(), gen_random_uuid()'),
  ('watch_machine', 422, 'page_invalid', 'operator', 'idle, null'),
  ('mark_run', 403, 'not_signed_in', 'unknown', 'playing.run, false, ''looked at it'''),
  ('mark_run', 403, 'not_allowed', 'operator', 'playing.run, false, ''looked at it'''),
  ('mark_run', 404, 'run_not_found', 'engineer', 'gen_random_uuid(), true, ''looked at it'''),
  ('mark_run', 422, 'reason_missing', 'engineer', 'playing.run, true, ''  '''),
  ('mark_run', 409, 'run_not_completed', 'engineer', 'playing.run, true, ''looked at it'''),
  ('write_note', 403, 'not_signed_in', 'unknown', 'gen_random_uuid(), playing.run, ''seen'''),
  ('write_note', 403, 'not_allowed', 'operator', 'gen_random_uuid(), playing.run, ''seen'''),
  ('write_note', 404, 'run_not_found', 'engineer', 'gen_random_uuid(), gen_random_uuid(), ''seen'''),
  ('write_note', 422, 'note_invalid', 'engineer', 'gen_random_uuid(), playing.run, ''seen'', 99'),
  ('edit_note', 403, 'not_signed_in', 'unknown', 'note, 1, ''seen again'''),
  ('edit_note', 403, 'not_allowed', 'operator', 'note, 1, ''seen again'''),
  ('edit_note', 404, 'note_not_found', 'engineer', 'gen_random_uuid(), 1, ''seen again'''),
  ('write_note', 412, 'note_changed', 'engineer', 'note, playing.run, ''something else'''),
  ('edit_note', 412, 'note_changed', 'engineer', 'note, 2, ''seen again'''),
  ('edit_note', 422, 'note_invalid', 'engineer', 'note, 1, '' '''),
  ('retract_note', 403, 'not_signed_in', 'unknown', 'note, 1'),
  ('retract_note', 403, 'not_allowed', 'operator', 'note, 1'),
  ('retract_note', 404, 'note_not_found', 'engineer', 'gen_random_uuid(), 1'),
  ('retract_note', 412, 'note_changed', 'engineer', 'note, 2'),
  ('save_recipe', 403, 'not_signed_in', 'unknown', 'good, 1, ''{}'''),
  ('save_recipe', 403, 'not_allowed', 'operator', 'good, 1, ''{}'''),
  ('save_recipe', 404, 'recipe_not_found', 'engineer', 'gen_random_uuid(), 1, ''{"recipe": {"name": "Wait", "machine_type": "thermal-ald", "chamber_temperature_set_point": 20, "pressure_set_point": 1}}'''),
  ('save_recipe', 412, 'recipe_changed', 'engineer', 'good, 2, ''{"recipe": {"name": "Wait", "machine_type": "thermal-ald", "chamber_temperature_set_point": 20, "pressure_set_point": 1}}'''),
  ('save_recipe', 422, 'program_invalid', 'engineer', 'good, 1, ''{}'''),
  ('record_sign_in', 403, 'not_signed_in', 'unknown', ''),
  ('record_sign_in', 429, 'too_many_sign_ins', 'engineer', ''),
  ('record_sign_out', 403, 'not_signed_in', 'unknown', ''),
  ('record_sign_out', 429, 'too_many_sign_ins', 'engineer', ''),
  ('claim_machine', 422, 'lease_invalid', 'controller', 'spare, '' '', ''simulated'', true'),
  ('claim_machine', 404, 'machine_not_found', 'controller', 'gen_random_uuid(), ''mine'', ''simulated'', true'),
  ('claim_machine', 409, 'lease_held', 'controller', 'spare, ''another'', ''simulated'', true'),
  ('renew_lease', 409, 'fence_stale', 'controller', 'playing.machine, playing.fence - 1'),
  ('release_machine', 409, 'fence_stale', 'controller', 'playing.machine, playing.fence - 1'),
  ('accept_command', 404, 'command_not_found', 'controller', 'gen_random_uuid(), playing.fence'),
  ('accept_command', 409, 'fence_stale', 'controller', 'playing.command, playing.fence - 1'),
  ('accept_command', 409, 'command_settled', 'controller', 'over.command, over.fence'),
  ('advance_command', 422, 'status_unknown', 'controller', 'playing.command, playing.fence, ''done'''),
  ('advance_command', 404, 'command_not_found', 'controller', 'gen_random_uuid(), playing.fence, ''executing'''),
  ('advance_command', 409, 'fence_stale', 'controller', 'playing.command, playing.fence - 1, ''executing'''),
  ('advance_command', 409, 'command_settled', 'controller', 'over.command, over.fence, ''executing'''),
  ('record_step', 404, 'run_not_found', 'controller', 'gen_random_uuid(), playing.fence, ''[]'''),
  ('record_step', 409, 'fence_stale', 'controller', 'playing.run, playing.fence - 1, ''[]'''),
  ('record_step', 409, 'run_ended', 'controller', 'over.run, over.fence, jsonb_build_array(tests.step(2))'),
  ('record_step', 409, 'step_gap', 'controller', 'playing.run, playing.fence, jsonb_build_array(tests.step(3))'),
  ('record_step', 422, 'step_invalid', 'controller', 'playing.run, playing.fence, ''{}'''),
  ('record_samples', 404, 'run_not_found', 'controller', 'gen_random_uuid(), playing.fence, ''[]'''),
  ('record_samples', 409, 'fence_stale', 'controller', 'playing.run, playing.fence - 1, ''[]'''),
  ('record_samples', 422, 'sample_invalid', 'controller', 'playing.run, playing.fence, ''[{"values": {"no parameter": 1}}]'''),
  ('record_readings', 409, 'fence_stale', 'controller', 'playing.machine, playing.fence - 1, ''{}'''),
  ('record_readings', 422, 'sample_invalid', 'controller', 'playing.machine, playing.fence, ''[]'''),
  ('end_process', 422, 'outcome_unknown', 'controller', 'playing.run, playing.fence, ''done'''),
  ('end_process', 404, 'run_not_found', 'controller', 'gen_random_uuid(), playing.fence, ''completed'''),
  ('end_process', 409, 'fence_stale', 'controller', 'playing.run, playing.fence - 1, ''completed'''),
  ('end_process', 409, 'run_ended', 'controller', 'over.run, over.fence, ''failed'''),
  ('end_process', 409, 'step_gap', 'controller', 'playing.run, playing.fence, ''completed'', null, jsonb_build_array(tests.step(3))'),
  ('end_process', 422, 'step_invalid', 'controller', 'playing.run, playing.fence, ''completed'', null, ''["?"]'''),
  ('atomic_update_machine_state', 404, 'machine_not_found', 'controller', 'gen_random_uuid(), ''idle'''),
  ('atomic_update_machine_state', 422, 'states_disagree', 'controller', 'idle, ''idle'', null, ''error'''),
  ('atomic_update_machine_state', 422, 'state_unknown', 'controller', 'idle, ''dancing'''),
  ('atomic_complete_machine_state', 404, 'machine_not_found', 'controller', 'gen_random_uuid()'),
  ('atomic_error_machine_state', 404, 'machine_not_found', 'controller', 'gen_random_uuid(), ''pump'''),
  ('atomic_processing_machine_state', 404, 'machine_not_found', 'controller', 'gen_random_uuid(), playing.run'),
  ('atomic_processing_machine_state', 404, 'run_not_found', 'controller', 'idle, gen_random_uuid()'),
  ('atomic_update_machine_state', 404, 'run_not_found', 'controller', 'idle, ''processing'', gen_random_uuid()');

select plan((select count(*)::integer from refusals) + 5);

-- Calls, looks at the answer and takes everything back.
create function pg_temp.provoke(p_caller text, p_function text, p_arguments text) returns jsonb language plpgsql as $$
declare
  v_answer jsonb;
begin
  perform set_config('response.status', '', true);
  case p_caller
    when 'controller' then perform tests.act_as_controller();
    else execute format('select tests.act_as(%I) from lab', p_caller);
  end case;
  execute format('select public.%I(%s) from lab, playing, over, lost', p_function, p_arguments) into v_answer;
  raise exception using errcode = 'TRIED', message = v_answer || jsonb_build_object('status', current_setting('response.status'));
exception
  when sqlstate 'TRIED' then return sqlerrm::jsonb;
  when others then return jsonb_build_object('code', sqlstate, 'message', sqlerrm);
end
$$;
create temporary table answers on commit drop as
select r.*, pg_temp.provoke(r.caller, r.function, r.arguments) as answer from refusals r;
select tests.act_as_owner();
select is(concat_ws(' ', answer ->> 'status', answer ->> 'code'), concat_ws(' ', status, code), format('%s: %s', function, code)) from answers;
select is_empty($$ select function, code, answer from answers where answer ->> 'ok' is distinct from 'false' or answer ->> 'success' is distinct from 'false' $$,
  'a refusal says that it is one, also to a controller that looks for success');
select is_empty($$ select function, code, answer ->> 'message' from answers where answer ->> 'message' !~ '^[A-Z][^:;]+: .+\.$' $$,
  'in a sentence: what did not happen, and why');

-- What the bodies can reach, through whatever they call.
create temporary view bodies as
select n.nspname || '.' || p.proname as name, n.nspname, p.proname, p.prosrc, obj_description(p.oid, 'pg_proc') as comment
from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('public', 'private');
create temporary view reachable as
with recursive calls as (
  select b.name as caller, m[1] as callee from bodies b, regexp_matches(b.prosrc, '\m((?:public|private)\.\w+)\(', 'g') m
), codes as (
  select b.name, w[1] as code from bodies b,
    regexp_matches(b.prosrc, 'private\.(?:refuse\(\s*\d|reject_command\()((?:(?!,\s*(?:format\(|''[A-Z]|p_what)).)*)', 'g') c,
    regexp_matches(regexp_replace(c[1], 'when ''\w+''', '', 'g'), '''([a-z_]+)''', 'g') w
), reached (name, by) as (
  select name, name from bodies where nspname = 'public'
  union
  select r.name, c.callee from reached r join calls c on c.caller = r.by
)
select distinct substr(r.name, 8) as function, c.code from reached r join codes c on c.name = r.by
-- These three name the state themselves, and two of them no run.
where (substr(r.name, 8), c.code) not in (
  select f, c from unnest(array['atomic_complete_machine_state', 'atomic_error_machine_state', 'atomic_processing_machine_state']) f,
    unnest(array['states_disagree', 'state_unknown', 'run_not_found']) c
  where (f, c) <> ('atomic_processing_machine_state', 'run_not_found'));
select cmp_ok((select count(*) from reachable), '>', 60::bigint, 'the bodies are read');
select set_eq($$ select function, code from reachable $$, $$ select function, code from refusals $$, 'whatever a body can answer is provoked');
select set_eq($$
  select b.proname::text, m[1]::integer, c from bodies b, regexp_matches(b.comment, '\m(\d{3}) ((?:[a-z_]+(?:, )?)+)', 'g') m,
    regexp_split_to_table(rtrim(m[2], ', '), ', ') c
  where b.nspname = 'public' and c ~ '_'
$$, $$ select function, status, code from refusals $$, 'and named in its comment, with its status');

select * from finish();
