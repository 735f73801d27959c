-- A start is of what was reviewed: the tag of the program goes with it, and a recipe that changed since is told of.
set transaction isolation level repeatable read;
select plan(13);

create temporary table m on commit drop as
select tests.machine() as machine, tests.recipe(3) as recipe, null::uuid as operator, gen_random_uuid() as command;
update m set operator = tests.person('operator', machine);
grant select on m to public;
update public.recipes set name = 'Alumina' where id = (select recipe from m);
select tests.act_as_controller();
create temporary table held on commit drop as select claim_machine(machine, 'reviewed', 'simulated', true) from m;
create function pg_temp.tag() returns text language sql as $$ select start_review(machine, recipe) ->> 'program_tag' from m $$;
create function pg_temp.start(p_tag text) returns jsonb language sql
as $$ select start_process(gen_random_uuid(), machine, recipe, p_expected_program => p_tag) from m $$;
grant execute on function pg_temp.tag(), pg_temp.start(text) to public;

select tests.act_as(operator) from m;
create temporary table seen on commit drop as select pg_temp.tag() as tag;
select matches(tag, '^v1-[0-9a-f]{32}$', 'the tag opens with the version') from seen;
select is(pg_temp.tag(), tag, 'and stays as long as the recipe does') from seen;

select tests.act_as_owner();
update public.purge_step_config p set duration_ms = 2999 from public.recipe_steps s, m where p.step_id = s.id and s.recipe_id = m.recipe;
grant select on seen to public;
select tests.act_as(operator) from m;
select isnt(pg_temp.tag(), tag, 'another purge is another program') from seen;
select is(pg_temp.start(tag) ->> 'message',
  'The run was not started: Alumina changed since you looked; it is still version 1, with other steps or settings.', 'a step that changed is told') from seen;
select is(current_setting('response.status'), '412', 'with 412');

select tests.act_as_owner();
update public.recipes set version = 2 where id = (select recipe from m);
select tests.act_as(operator) from m;
select is(pg_temp.start(tag) ->> 'message', 'The run was not started: Alumina changed since you looked; it was version 1 and is now version 2.',
  'a new version is told with both') from seen;
select is(pg_temp.start(tag) ->> 'hint', 'Look at the recipe as it is now, then start again.', 'and what to do') from seen;
select is(pg_temp.start('?') ->> 'message', 'The run was not started: Alumina changed since you looked; it is now version 2.', 'a tag of nobody''s');
select is(status, 'rejected', 'on record') from public.machine_commands c, m where c.machine_id = m.machine limit 1;

select is(start_process(command, machine, recipe, null, '{}', null, pg_temp.tag()) ->> 'ok', 'true', 'what was reviewed starts') from m;
select is(start_process(command, machine, recipe, null, '{}', null, pg_temp.tag()) ->> 'ok', 'true', 'once, however often it is asked') from m;
select is(start_process(command, machine, recipe, null, '{}', null, tag) ->> 'code', 'command_id_reused', 'another review is another request') from m, seen;
select is(start_process(gen_random_uuid(), machine, recipe) ->> 'code', 'machine_not_idle', 'without a tag a start is judged as before') from m;
select * from finish();
