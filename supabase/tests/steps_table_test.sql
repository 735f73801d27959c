-- The workflow steps table: types, defaults, references, indexes, and who may write.
select plan(27);

select columns_are('public', 'steps', array['id', 'project_id', 'subtask_id', 'step_number', 'step_type', 'file_path', 'instructions', 'status',
  'assigned_to', 'context_snapshot', 'context_files', 'attempt_count', 'last_error', 'parent_step_id', 'created_at', 'updated_at'], 'the table has its columns');
select col_type_is('public', 'steps', 'step_type', 'step_type', 'step_type is its enum');
select col_type_is('public', 'steps', 'status', 'status', 'status is its enum');
select col_type_is('public', 'steps', 'assigned_to', 'assigned_to', 'assigned_to is its enum');
select col_type_is('public', 'steps', 'context_snapshot', 'json', 'context_snapshot is json');
select col_type_is('public', 'steps', 'context_files', 'jsonb', 'context_files is jsonb');
select col_type_is('public', 'steps', 'created_at', 'timestamp without time zone', 'created_at is a timestamp');
select col_is_pk('public', 'steps', 'id', 'id is the key');
select enum_has_labels('public', 'step_type', array['implementation', 'test'], 'step types');
select enum_has_labels('public', 'status', array['pending', 'in_progress', 'completed', 'failed'], 'statuses');
select enum_has_labels('public', 'assigned_to', array['TaraAider', 'DevonAider'], 'assignees');
select enum_has_labels('public', 'work_stage', array['pending', 'analysis', 'unit_testing', 'unit_implementation', 'integration_testing',
  'integration_implementation', 'review', 'completed'], 'stages');
select has_index('public', 'steps', 'idx_steps_subtask_id', 'subtask_id', 'by subtask');
select has_index('public', 'steps', 'idx_steps_project_id', 'project_id', 'by project');
select has_index('public', 'steps', 'idx_steps_status', 'status', 'by status');
select has_index('public', 'steps', 'idx_steps_parent_step_id', 'parent_step_id', 'by parent');
select has_index('public', 'steps', 'idx_steps_created_at', 'created_at', 'by creation');
select is(obj_description('public.steps'::regclass), 'Tracks individual workflow steps within subtasks', 'the comment');

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
