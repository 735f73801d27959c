-- Workflow steps within subtasks. Written by: engineers. Read by: every person.
-- The enum types and the parents come from 0002.

create table public.steps (
  id serial primary key,
  project_id integer not null references public.projects (id),
  subtask_id integer not null references public.subtasks (id),
  step_number integer not null,
  step_type public.step_type not null,
  file_path text,
  instructions text,
  status public.status not null,
  assigned_to public.assigned_to not null,
  context_snapshot json,
  context_files jsonb,
  attempt_count integer default 0,
  last_error text,
  parent_step_id integer references public.steps (id),
  created_at timestamp default now(),
  updated_at timestamp default now()
);
comment on table public.steps is 'Tracks individual workflow steps within subtasks';

create index if not exists idx_steps_subtask_id on public.steps (subtask_id);
create index if not exists idx_steps_project_id on public.steps (project_id);
create index if not exists idx_steps_status on public.steps (status);
create index if not exists idx_steps_parent_step_id on public.steps (parent_step_id);
create index if not exists idx_steps_created_at on public.steps (created_at);

alter table public.steps enable row level security;
revoke all on public.steps from anon, authenticated;
revoke all on sequence public.steps_id_seq from anon, authenticated;
grant select, insert, update on public.steps to authenticated;
grant usage on sequence public.steps_id_seq to authenticated;
grant all on public.steps to service_role;
grant usage, select on sequence public.steps_id_seq to service_role;
create policy steps_read_by_people on public.steps for select to authenticated using ((select private.is_person()));
create policy steps_insert_by_engineers on public.steps for insert to authenticated with check ((select private.is_engineer()));
create policy steps_update_by_engineers on public.steps for update to authenticated
  using ((select private.is_engineer())) with check ((select private.is_engineer()));

/* rollback
drop table if exists public.steps cascade;
rollback */
