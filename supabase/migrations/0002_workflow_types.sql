-- Types and parents of the workflow steps (0003). Written by: engineers. Read by: every person.

create type public.step_type as enum ('implementation', 'test');
create type public.status as enum ('pending', 'in_progress', 'completed', 'failed');
create type public.assigned_to as enum ('TaraAider', 'DevonAider');
create type public.work_stage as enum (
  'pending', 'analysis', 'unit_testing', 'unit_implementation', 'integration_testing',
  'integration_implementation', 'review', 'completed'
);

create table public.projects (
  id serial primary key,
  external_id text unique,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.projects is 'A body of work: a campaign, a machine build, a qualification.';

create table public.subtasks (
  id serial primary key,
  project_id integer not null references public.projects (id) on delete cascade,
  external_id text unique,
  title text not null,
  status public.status not null default 'pending',
  stage public.work_stage not null default 'pending',
  order_index integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.subtasks is 'A procedure within a project; its work is recorded step by step.';
create index subtasks_by_project on public.subtasks (project_id, order_index);

alter table public.projects enable row level security;
alter table public.subtasks enable row level security;
revoke all on public.projects, public.subtasks from anon, authenticated;
revoke all on sequence public.projects_id_seq, public.subtasks_id_seq from anon, authenticated;
grant select, insert, update on public.projects, public.subtasks to authenticated;
grant usage on sequence public.projects_id_seq, public.subtasks_id_seq to authenticated;
grant all on public.projects, public.subtasks to service_role;
grant usage, select on sequence public.projects_id_seq, public.subtasks_id_seq to service_role;
create policy projects_read_by_people on public.projects for select to authenticated using ((select private.is_person()));
create policy projects_insert_by_engineers on public.projects for insert to authenticated with check ((select private.is_engineer()));
create policy projects_update_by_engineers on public.projects for update to authenticated
  using ((select private.is_engineer())) with check ((select private.is_engineer()));
create policy subtasks_read_by_people on public.subtasks for select to authenticated using ((select private.is_person()));
create policy subtasks_insert_by_engineers on public.subtasks for insert to authenticated with check ((select private.is_engineer()));
create policy subtasks_update_by_engineers on public.subtasks for update to authenticated
  using ((select private.is_engineer())) with check ((select private.is_engineer()));

/* rollback
drop table if exists public.subtasks, public.projects cascade;
drop type if exists public.work_stage, public.assigned_to, public.status, public.step_type;
rollback */
