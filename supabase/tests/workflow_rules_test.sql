-- What nobody can do to the workflow, whoever asks; and what a change of status brings about.
select plan(52);

insert into public.projects (id, name) values (-1, 'one'), (-2, 'two');
insert into public.subtasks (id, project_id, title) values (-1, -1, 'a'), (-2, -1, 'b'), (-3, -2, 'c');
insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to, parent_step_id) values
  (-1, -1, -1, 1, 'test', 'pending', 'TaraAider', null), (-2, -1, -1, 2, 'test', 'pending', 'TaraAider', -1),
  (-3, -1, -1, 3, 'test', 'pending', 'TaraAider', -2), (-4, -1, -2, 1, 'test', 'pending', 'TaraAider', null);

-- Place and parents.
select throws_ok($$ update public.steps set parent_step_id = -1 where id = -1 $$, 'PT422',
  'Step 1 was not saved: it cannot be its own parent.', 'no step is its own parent');
select throws_ok($$ update public.steps set parent_step_id = -4 where id = -1 $$, 'PT422',
  'Step 1 was not saved: its parent, step -4, is in another subtask.', 'no parent in another subtask');
select throws_ok($$ update public.steps set parent_step_id = -2 where id = -1 $$, 'PT422',
  'Step 1 was not saved: step -2 comes after it, so cannot be its parent.', 'no cycle of two');
select throws_ok($$ update public.steps set parent_step_id = -3 where id = -1 $$, 'PT422',
  'Step 1 was not saved: step -3 comes after it, so cannot be its parent.', 'no cycle of three');
select throws_ok($$ update public.steps set parent_step_id = case id when -3 then -4 else -3 end where id in (-3, -4) $$, 'PT422', null,
  'not in one statement either');
select throws_ok($$ insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to, parent_step_id)
  values (-8, -1, -1, 8, 'test', 'pending', 'TaraAider', -9), (-9, -1, -1, 9, 'test', 'pending', 'TaraAider', -8) $$, 'PT422',
  'Step 8 was not saved: step -9 comes after it, so cannot be its parent.', 'no cycle made by one insert');
select throws_ok($$ insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to, parent_step_id)
  values (-8, -1, -1, 8, 'test', 'pending', 'TaraAider', -8) $$, 'PT422',
  'Step 8 was not saved: it cannot be its own parent.', 'no insert of its own parent');
select throws_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to, parent_step_id)
  values (-1, -1, 8, 'test', 'pending', 'TaraAider', -4) $$, 'PT422', null, 'no insert under another subtask''s step');
select throws_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to)
  values (-2, -1, 8, 'test', 'pending', 'TaraAider') $$, 'PT422',
  'Step 8 was not saved: subtask -1 belongs to project -1, not -2.', 'the subtask is of the step''s project');
select throws_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to, parent_step_id)
  values (-1, -1, 8, 'test', 'pending', 'TaraAider', -99) $$, '23503', null, 'a parent that is not there is a broken reference, as before');
select lives_ok($$ update public.steps set parent_step_id = -1 where id = -3 $$, 'a parent may change');
select lives_ok($$ update public.steps set parent_step_id = null where id = -3 $$, 'and may be let go');
select lives_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to)
  values (-1, -1, 3, 'test', 'pending', 'TaraAider') $$, 'two steps may bear one number, as before');

-- What never changes.
select throws_ok($$ update public.steps set id = -7 where id = -4 $$, 'PT422', 'Step -4 was not changed: its id never changes.', 'id');
select throws_ok($$ update public.steps set created_at = '2020-01-01' where id = -4 $$, 'PT422', null, 'created_at');
select throws_ok($$ update public.steps set project_id = -2 where id = -4 $$, 'PT422', null, 'project_id');
select throws_ok($$ update public.steps set subtask_id = -1 where id = -4 $$, 'PT422', null, 'subtask_id');
select throws_ok($$ update public.steps set step_number = 7 where id = -4 $$, 'PT422', null, 'step_number');
select throws_ok($$ update public.subtasks set project_id = -2 where id = -1 $$, 'PT422',
  'Subtask -1 was not changed: its project_id never changes.', 'a subtask stays in its project');
select throws_ok($$ update public.projects set created_at = '2020-01-01' where id = -1 $$, 'PT422',
  'Project -1 was not changed: its created_at never changes.', 'a project keeps its beginning');
select lives_ok($$ update public.steps set step_number = 1, instructions = 'as before' where id = -4 $$, 'a value written back unchanged is none');

-- Times.
create temporary table seen on commit drop as
  select (select updated_at from public.steps where id = -4) as step, (select updated_at from public.subtasks where id = -1) as subtask,
    (select updated_at from public.projects where id = -1) as project;
update public.steps set updated_at = '2001-01-01', instructions = 'changed' where id = -4;
update public.subtasks set updated_at = '2001-01-01', title = 'changed' where id = -1;
update public.projects set updated_at = '2001-01-01', name = 'changed' where id = -1;
select is((select updated_at > seen.step from public.steps, seen where id = -4), true, 'updated_at of a step is kept, whatever the writer says');
select is((select updated_at > seen.subtask from public.subtasks, seen where id = -1), true, 'of a subtask');
select is((select updated_at > seen.project from public.projects, seen where id = -1), true, 'of a project');
alter table public.steps disable trigger t20_changed;
update public.steps set updated_at = '2101-01-01' where id = -4;
alter table public.steps enable trigger t20_changed;
update public.steps set instructions = 'later' where id = -4;
select is((select updated_at from public.steps where id = -4), '2101-01-01 00:00:00.000001'::timestamp, 'and only ever moves forward');
set local timezone to 'Asia/Tokyo';
insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to) values (-5, -1, -2, 5, 'test', 'pending', 'TaraAider');
select ok((select abs(extract(epoch from created_at - (now() at time zone 'utc'))) < 1 from public.steps where id = -5), 'created_at is UTC in a session of any zone');
update public.steps set instructions = 'changed' where id = -5;
select ok((select abs(extract(epoch from updated_at - (clock_timestamp() at time zone 'utc'))) < 5 from public.steps where id = -5), 'so is updated_at');
set local timezone to 'UTC';

-- Attempts and errors.
create function pg_temp.said() returns text language sql as
  $$ select format('%s %s %s', status, attempt_count, coalesce(last_error, '-')) from public.steps where id = -5 $$;
select is(pg_temp.said(), 'pending 0 -', 'a step begins without attempts');
update public.steps set status = 'in_progress' where id = -5;
select is(pg_temp.said(), 'in_progress 1 -', 'the first attempt');
update public.steps set status = 'failed', last_error = 'leaks' where id = -5;
select is(pg_temp.said(), 'failed 1 leaks', 'failing is part of it');
update public.steps set status = 'in_progress' where id = -5;
select is(pg_temp.said(), 'in_progress 2 leaks', 'a retry is another attempt; what went wrong stays');
update public.steps set status = 'in_progress', instructions = 'again' where id = -5;
select is(pg_temp.said(), 'in_progress 2 leaks', 'the same status again is no attempt');
update public.steps set status = 'completed' where id = -5;
select is(pg_temp.said(), 'completed 2 -', 'completing empties the error');
update public.steps set status = 'in_progress', attempt_count = 7 where id = -5;
select is(pg_temp.said(), 'in_progress 7 -', 'a writer that counts itself is believed');
update public.steps set status = 'pending' where id = -5;
select is(pg_temp.said(), 'pending 7 -', 'going back to pending begins nothing');
update public.steps set status = 'failed' where id = -5;
select is(pg_temp.said(), 'failed 8 -', 'an outcome straight from pending was an attempt nobody announced');
update public.steps set status = 'in_progress', attempt_count = null where id = -5;
update public.steps set status = 'failed' where id = -5; update public.steps set status = 'in_progress' where id = -5;
select is(pg_temp.said(), 'in_progress 1 -', 'no count at all counts as none');

-- Who may. The functions use the caller's own rights.
create temporary table p on commit drop as select tests.person('viewer') as viewer, tests.person('operator') as operator,
  tests.person('engineer') as engineer, tests.person('admin') as admin, tests.person(null) as nobody;
grant select on p to public;
select tests.act_as_nobody();
select throws_ok($$ select public.create_step(-2, 'test', 'TaraAider') $$, '42501', null, 'nobody signed in: no step');
select throws_ok($$ select public.workflow_snapshot() $$, '42501', null, 'nobody signed in: no workflow');
select tests.act_as_owner(); select tests.act_as(nobody) from p;
select is(public.workflow_snapshot() -> 'steps', '[]', 'without a profile there is nothing to see');
select throws_ok($$ select public.create_step(-2, 'test', 'TaraAider') $$, 'PT404', null, 'nor a subtask to add to');
select tests.act_as_owner(); select tests.act_as(viewer) from p;
select ok(jsonb_path_exists(public.workflow_snapshot(), '$.steps[*] ? (@.id == -4 && !exists(@.context_snapshot))'), 'a viewer reads');
select throws_ok($$ select public.create_step(-2, 'test', 'TaraAider') $$, '42501', null, 'a viewer adds nothing');
update public.steps set status = 'completed' where id = -4;
select is((select status from public.steps where id = -4), 'pending', 'a viewer changes nothing');
select tests.act_as_owner(); select tests.act_as(operator) from p;
select throws_ok($$ select public.create_step(-2, 'test', 'TaraAider') $$, '42501', null, 'an operator adds nothing');
select tests.act_as_owner(); select tests.act_as(engineer) from p;
select is(public.create_step(-2, 'test', 'TaraAider', 'look', null, '["a.ts"]') #>> '{step,step_number}', '6', 'an engineer adds under the next number');
select is(public.create_step(-3, 'implementation', 'DevonAider') #>> '{step,project_id}', '-2', 'in the subtask''s project');
select is(public.create_step(-2, 'test', 'TaraAider', p_step_number => 2, p_parent_step_id => -4) #>> '{step,parent_step_id}', '-4', 'number and parent may be given');
select throws_ok($$ select public.create_step(-99, 'test', 'TaraAider') $$, 'PT404', 'The step was not added: there is no subtask -99.', 'a subtask must exist');
select throws_ok($$ select public.create_step(-2, 'test', 'TaraAider', p_parent_step_id => -1) $$, 'PT422', null, 'the rules hold for everybody');
select tests.act_as_owner(); select tests.act_as(admin) from p;
select lives_ok($$ select public.create_step(-2, 'test', 'TaraAider') $$, 'an administrator adds too');
select tests.act_as_owner(); select tests.act_as_controller();
select throws_ok($$ update public.steps set parent_step_id = -1 where id = -1 $$, 'PT422', null, 'the rules hold for the service as well');

select * from finish();
