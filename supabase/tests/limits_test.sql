-- How much one command and one step may carry: what is larger is refused, and of what was asked the beginning is kept.
set transaction isolation level repeatable read;
select plan(27);

create temporary table s on commit drop as select r.* from tests.start_run() r;
select tests.act_as_owner();
create temporary table lab on commit drop as select tests.machine() as idle;
insert into public.user_machine_assignments (user_id, machine_id) select s.operator, lab.idle from s, lab;
grant select on s, lab to public;
select tests.act_as_controller();
create temporary table held on commit drop as
select claim_machine(idle, 'limits', 'simulated', true), record_step(run, fence, jsonb_build_array(tests.step(1))) from lab, s;

-- A text of so many characters that no compression hides.
create function pg_temp.text_of(p_length integer) returns text language sql as
  $$ select left(string_agg(md5(i::text), ''), p_length) from generate_series(1, p_length / 32 + 1) i $$;
create function pg_temp.start(p_parameters jsonb, p_description text) returns text language plpgsql as $$
begin
  return coalesce(public.start_process(gen_random_uuid(), (select idle from lab), (select recipe from s), null, p_parameters, p_description) ->> 'code', 'ok');
exception when check_violation then return sqlstate;
end
$$;
create function pg_temp.step(p_more jsonb) returns text language plpgsql as $$
begin
  return coalesce(public.record_step(run, fence, jsonb_build_array(tests.step(2), tests.step(3, 'valve', p_more))) ->> 'code', 'ok') from s;
exception when check_violation then return sqlstate;
end
$$;

select is(pg_temp.step(jsonb_build_object('parameters', jsonb_build_object('note', pg_temp.text_of(262144)))), '23514', 'a step''s parameters have at most 256 KB');
select is(pg_temp.step(jsonb_build_object('pulse', jsonb_build_object('note', pg_temp.text_of(65536)))), '23514', 'its pulse at most 64 KB');
select is(pg_temp.step(jsonb_build_object('step_name', pg_temp.text_of(20001))), '23514', 'its name at most 20 000 characters');
select is((select array_agg(seq) from public.step_execution_history where process_id = (select run from s)), array[1], 'nothing of those calls was recorded');
select is((select last_seq from public.process_executions where id = (select run from s)), 1, 'nor counted');
select is((select current_seq from public.process_execution_state where execution_id = (select run from s)), 1, 'nor shown');
select is(pg_temp.step(jsonb_build_object(
    'parameters', jsonb_build_object('note', pg_temp.text_of(262000)), 'pulse', jsonb_build_object('note', pg_temp.text_of(65000)),
    'step_name', pg_temp.text_of(20000))), 'ok', 'up to there it is');
select is((select length(parameters ->> 'note') from public.step_execution_history where process_id = (select run from s) and seq = 3), 262000, 'whole');

select tests.act_as_owner(); select tests.act_as(operator) from s;
select is(pg_temp.start(jsonb_build_object('note', pg_temp.text_of(65536)), null), 'parameters_invalid', 'a start carries at most 60 KB');
select is(pg_temp.start('{}', pg_temp.text_of(4001)), 'notes_too_long', 'its notes at most 4 000 characters');
select is((select array_agg(status::text || ' ' || greatest(length(reason), length(payload ->> 'parameters')) order by requested_at) from public.machine_commands where machine_id = (select idle from lab)),
  array['rejected 4000', 'rejected 4000'], 'such a start is recorded as refused, with the beginning of what was too long');
select is((select max(length(reason)) from public.audit_log where machine_id = (select idle from lab)), 4000, 'in the audit log too');
select is((select status from public.machines where id = (select idle from lab)), 'idle', 'and moves nothing');
select is(pg_temp.start(jsonb_build_object('note', pg_temp.text_of(60000)), pg_temp.text_of(4000)), 'ok', 'up to there it is taken');
select is((select length(reason) from public.machine_commands where machine_id = (select idle from lab) and status <> 'rejected'), 4000, 'whole');
select is((select public.request_stop(gen_random_uuid(), idle, null, 'now', pg_temp.text_of(2000000)) ->> 'ok' from lab), 'true', 'a stop is never too long');
select is((select length(reason) from public.machine_commands where kind = 'stop' and machine_id = (select idle from lab)), 4000, 'its reason is cut');

-- A reason that nobody can see is none.
select tests.act_as_owner();
select is(private.is_reason(reason), expected, format('a reason of %s', name)) from (values
  ('three letters', ' abc ', true), ('two', 'ab', false), ('nothing', null, false), ('signs of direction', repeat(U&'\202E', 10), false),
  ('joiners of no width', U&'\200B\200D\2060\FEFF', false), ('spaces', U&'\00A0\2003\3000  ', false), ('another script', U&'\05D1\05D3\05E7', true),
  ('words with signs of direction', U&'\202Babc\202C', true), ('five hundred letters', repeat('x', 500), true), ('one more', repeat('x', 501), false)
) as r (name, reason, expected);

select * from finish();
