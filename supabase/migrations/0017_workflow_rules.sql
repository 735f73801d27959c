-- What a wrong writer could still do to the workflow tables of 0002 and 0003: a step of another project's subtask, a step
-- that is its own parent, ancestor or in another subtask than its parent; a step renumbered or moved; an updated_at that
-- nobody keeps. Every promise of 0003 stays: the same columns, two steps of one number, any status after any other.
-- Written by: engineers, past these rules. Read by: every person.
--
-- attempt_count counts attempts begun: one when a step leaves pending, one more whenever it is taken up again. A writer that
-- sets the count itself is believed. last_error tells what went wrong last; it stays through the retry, until the step completes.

-- Rows written before the rules: the subtask says which project, and a parent that cannot be one is let go.
update public.steps s set project_id = t.project_id
from public.subtasks t where t.id = s.subtask_id and s.project_id <> t.project_id;
update public.steps s set parent_step_id = null
from public.steps p where p.id = s.parent_step_id and (p.id = s.id or p.subtask_id <> s.subtask_id);
with recursive up (start, at) as (
  select s.id, s.parent_step_id from public.steps s where s.parent_step_id is not null
  union
  select up.start, s.parent_step_id from up join public.steps s on s.id = up.at where s.parent_step_id is not null
)
update public.steps s set parent_step_id = null
where s.id in (select up.start from up group by up.start having bool_or(up.at = up.start) and min(up.at) = up.start);

-- The columns carry no zone; whatever zone a session has, they hold UTC.
alter table public.steps
  alter column created_at set default (now() at time zone 'utc'),
  alter column updated_at set default (now() at time zone 'utc');
comment on column public.steps.created_at is 'UTC.';
comment on column public.steps.updated_at is 'UTC; later with every change, so that of two readings the newer can be told.';
comment on column public.steps.attempt_count is 'Attempts begun; kept by trigger unless the writer sets it.';
comment on column public.steps.last_error is 'What went wrong in the last attempt; emptied when the step completes.';

create function private.keep_columns() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_column text;
begin
  foreach v_column in array tg_argv loop
    if to_jsonb(old) -> v_column is distinct from to_jsonb(new) -> v_column then
      raise exception using errcode = 'PT422',
        message = format('%s %s was not changed: its %s never changes.', initcap(rtrim(tg_table_name, 's')), old.id, v_column),
        hint = 'Leave it as it is, or add a new row.';
    end if;
  end loop;
  return new;
end
$$;
comment on function private.keep_columns() is 'Refuses an update that changes one of the columns named by the trigger. PT422.';

create function private.workflow_updated() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 microsecond');
  return new;
end
$$;
comment on function private.workflow_updated() is 'Keeps updated_at of projects and subtasks, later with every change.';

create function private.step_changed() returns trigger
language plpgsql set search_path = ''
as $$
declare
  v_begins boolean := new.status <> old.status and new.status <> 'pending'
    and (old.status = 'pending' or new.status = 'in_progress');
begin
  new.updated_at := greatest(clock_timestamp() at time zone 'utc', old.updated_at + interval '1 microsecond');
  if v_begins and new.attempt_count is not distinct from old.attempt_count then
    new.attempt_count := coalesce(old.attempt_count, 0) + 1;
  end if;
  if new.status = 'completed' and old.status <> 'completed' then
    new.last_error := null;
  end if;
  return new;
end
$$;
comment on function private.step_changed() is 'Keeps updated_at, attempt_count and last_error of a step as its status changes.';

create function private.step_in_place() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_problem text;
begin
  if tg_op = 'UPDATE' then
    -- Two writers who each make the other's step a parent wait for one another here, at any isolation level.
    update public.subtasks t set updated_at = clock_timestamp() where t.id = new.subtask_id;
  end if;
  select case
    when t.project_id <> new.project_id then format('subtask %s belongs to project %s, not %s', t.id, t.project_id, new.project_id)
    when p.id = new.id then 'it cannot be its own parent'
    when p.subtask_id <> new.subtask_id then format('its parent, step %s, is in another subtask', p.id)
    when new.id in (
      with recursive up (id) as (
        select new.parent_step_id
        union
        select s.parent_step_id from up join public.steps s on s.id = up.id
      ) select up.id from up where up.id is not null
    ) then format('step %s comes after it, so cannot be its parent', p.id)
  end into v_problem
  from public.subtasks t left join public.steps p on p.id = new.parent_step_id
  where t.id = new.subtask_id;
  if v_problem is not null then
    raise exception using errcode = 'PT422', message = format('Step %s was not saved: %s.', new.step_number, v_problem),
      hint = 'Choose a parent in the same subtask that does not follow from this step, or none.';
  end if;
  return null;
end
$$;
comment on function private.step_in_place() is
  'A step is in its subtask''s project; its parent is another step of the subtask, and no chain of parents closes. PT422.';

revoke execute on function private.keep_columns(), private.workflow_updated(), private.step_changed(), private.step_in_place()
  from public;

create trigger t10_keep before update on public.projects
  for each row execute function private.keep_columns('id', 'created_at');
create trigger t20_updated before update on public.projects
  for each row execute function private.workflow_updated();
create trigger t10_keep before update on public.subtasks
  for each row execute function private.keep_columns('id', 'project_id', 'created_at');
create trigger t20_updated before update on public.subtasks
  for each row execute function private.workflow_updated();
create trigger t10_keep before update on public.steps
  for each row execute function private.keep_columns('id', 'created_at', 'project_id', 'subtask_id', 'step_number');
create trigger t20_changed before update on public.steps
  for each row execute function private.step_changed();
-- After the row: only then are all rows of one statement in sight, and what is not there at all has been refused as 23503.
create trigger t60_in_place after insert on public.steps
  for each row execute function private.step_in_place();
create trigger t61_in_place after update of parent_step_id on public.steps
  for each row when (new.parent_step_id is not null and new.parent_step_id is distinct from old.parent_step_id)
  execute function private.step_in_place();

create function public.create_step(
  p_subtask_id integer, p_step_type public.step_type, p_assigned_to public.assigned_to,
  p_instructions text default null, p_file_path text default null, p_context_files jsonb default '[]',
  p_parent_step_id integer default null, p_step_number integer default null, p_status public.status default 'pending'
) returns jsonb
language plpgsql security invoker set search_path = ''
as $$
declare
  v_project_id integer;
  v_step public.steps;
begin
  select t.project_id into v_project_id from public.subtasks t where t.id = p_subtask_id;
  if not found then
    raise exception using errcode = 'PT404', message = format('The step was not added: there is no subtask %s.', p_subtask_id),
      hint = 'Look at the workflow as it is now.';
  end if;
  -- Two people who add a step at once get two numbers.
  perform 1 from public.subtasks t where t.id = p_subtask_id for no key update;
  insert into public.steps (project_id, subtask_id, step_number, step_type, file_path, instructions, status, assigned_to,
    context_files, parent_step_id)
  values (v_project_id, p_subtask_id,
    coalesce(p_step_number, (select coalesce(max(s.step_number), 0) + 1 from public.steps s where s.subtask_id = p_subtask_id)),
    p_step_type, p_file_path, p_instructions, p_status, p_assigned_to, p_context_files, p_parent_step_id)
  returning * into v_step;
  return jsonb_build_object('ok', true, 'step', to_jsonb(v_step));
end
$$;
comment on function public.create_step(integer, public.step_type, public.assigned_to, text, text, jsonb, integer, integer, public.status) is
  'Adds a step to a subtask, by default under the next free number. PT404 without the subtask, 42501 for all but engineers.';

create function public.workflow_snapshot() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'server_time', clock_timestamp(),
    'projects', coalesce((select jsonb_agg(to_jsonb(p) order by p.id) from public.projects p), '[]'::jsonb),
    'subtasks', coalesce((select jsonb_agg(to_jsonb(t) order by t.id) from public.subtasks t), '[]'::jsonb),
    'steps', coalesce((select jsonb_agg(to_jsonb(s) - 'context_snapshot' order by s.id) from public.steps s), '[]'::jsonb))
$$;
comment on function public.workflow_snapshot() is
  'Every project, subtask and step in one consistent read, with the reader''s own rights; without the context snapshots.';

revoke execute on function
  public.create_step(integer, public.step_type, public.assigned_to, text, text, jsonb, integer, integer, public.status),
  public.workflow_snapshot()
  from public, anon;
grant execute on function
  public.create_step(integer, public.step_type, public.assigned_to, text, text, jsonb, integer, integer, public.status),
  public.workflow_snapshot()
  to authenticated, service_role;

/* rollback
drop function if exists public.workflow_snapshot();
drop function if exists public.create_step(integer, public.step_type, public.assigned_to, text, text, jsonb, integer, integer, public.status);
drop trigger if exists t61_in_place on public.steps;
drop trigger if exists t60_in_place on public.steps;
drop trigger if exists t20_changed on public.steps;
drop trigger if exists t10_keep on public.steps;
drop trigger if exists t20_updated on public.subtasks;
drop trigger if exists t10_keep on public.subtasks;
drop trigger if exists t20_updated on public.projects;
drop trigger if exists t10_keep on public.projects;
drop function if exists private.step_in_place();
drop function if exists private.step_changed();
drop function if exists private.workflow_updated();
drop function if exists private.keep_columns();
comment on column public.steps.created_at is null;
comment on column public.steps.updated_at is null;
comment on column public.steps.attempt_count is null;
comment on column public.steps.last_error is null;
alter table public.steps
  alter column created_at set default now(),
  alter column updated_at set default now();
rollback */
