-- The workflow steps table: defaults, references, and who may write. Its columns are in structure_test.sql.
select plan(9);

insert into public.projects (id, name) values (-1, 'test');
insert into public.subtasks (id, project_id, title) values (-1, -1, 'test');
insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to, context_files)
values (-1, -1, -1, 1, 'test', 'pending', 'TaraAider', '["a.ts", {"path": "b.ts"}]');
select is((select (attempt_count, created_at is not null, updated_at is not null, context_files ->> 0)::text from public.steps where id = -1), '(0,t,t,a.ts)',
  'attempts start at 0, times fill themselves, files are an array');
select lives_ok($$ insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to, parent_step_id)
  values (-2, -1, -1, 2, 'implementation', 'pending', 'DevonAider', -1) $$, 'a step may have a parent');
select throws_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to) values (-9, -1, 3, 'test', 'pending', 'TaraAider') $$, '23503', null, 'a project must exist');
select throws_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to) values (-1, -9, 3, 'test', 'pending', 'TaraAider') $$, '23503', null, 'a subtask must exist');
select throws_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to) values (-1, -1, null, 'test', 'pending', 'TaraAider') $$, '23502', null, 'a number is needed');
select throws_ok($$ insert into public.steps (project_id, subtask_id, step_number, step_type, status, assigned_to) values (-1, -1, 3, 'dance', 'pending', 'TaraAider') $$, '22P02', null, 'an unknown type is refused');

create temporary table p on commit drop as select tests.person('operator') as operator, tests.person('engineer') as engineer;
grant select on p to public;
select tests.act_as(operator) from p;
select is((select count(*)::integer from public.steps where id < 0), 2, 'every person reads');
select throws_ok($$ insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to) values (-3, -1, -1, 3, 'test', 'pending', 'TaraAider') $$, '42501', null, 'an operator writes no step');
select tests.act_as_owner(); select tests.act_as(engineer) from p;
select lives_ok($$ insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to) values (-3, -1, -1, 3, 'test', 'pending', 'TaraAider') $$, 'an engineer does');

select * from finish();
