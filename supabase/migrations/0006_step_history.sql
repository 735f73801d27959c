-- Step history: one row per step a run has executed, cut by trigger whenever the state row moves on.
-- Written by: the two triggers below. Read by: every person (policies in 0007).
-- Safe to apply again: it creates only what is missing, so a later, corrected definition stays in force.

create table if not exists public.step_execution_history (
  id uuid primary key default gen_random_uuid(),
  process_id uuid not null references public.process_executions (id),
  step_number integer,
  step_type text,
  step_name text,
  started_at timestamptz default now(),
  ended_at timestamptz,
  parameters jsonb default '{}'::jsonb,
  created_at timestamptz default now()
);

create index if not exists step_execution_history_by_process_start
  on public.step_execution_history (process_id, started_at);
create index if not exists step_execution_history_open
  on public.step_execution_history (process_id) where ended_at is null;
-- Closed to everybody but the service until 0007 says who reads it.
alter table public.step_execution_history enable row level security;

do $create$
begin
  if to_regprocedure('public.fn_record_step_history()') is null then
    execute $definition$
      create function public.fn_record_step_history() returns trigger
      language plpgsql security definer set search_path = ''
      as $function$
      begin
        if new.current_step_index is distinct from old.current_step_index
          or new.current_step_type is distinct from old.current_step_type
          or new.current_step_name is distinct from old.current_step_name
        then
          update public.step_execution_history
          set ended_at = now()
          where process_id = new.execution_id and ended_at is null;

          insert into public.step_execution_history
            (process_id, step_number, step_type, step_name, started_at, parameters)
          values (
            new.execution_id,
            coalesce(new.current_overall_step, new.current_step_index),
            new.current_step_type,
            new.current_step_name,
            now(),
            jsonb_strip_nulls(jsonb_build_object(
              'current_step', new.current_step,
              'valve_number', new.current_valve_number,
              'valve_duration_ms', new.current_valve_duration_ms,
              'purge_duration_ms', new.current_purge_duration_ms,
              'parameter_id', new.current_parameter_id,
              'parameter_value', new.current_parameter_value,
              'loop_count', new.current_loop_count,
              'loop_iteration', new.current_loop_iteration
            ))
          );
        end if;
        return new;
      end
      $function$
    $definition$;
    revoke execute on function public.fn_record_step_history() from public, anon, authenticated;
  end if;

  if to_regprocedure('public.fn_close_open_step_history_on_process_end()') is null then
    execute $definition$
      create function public.fn_close_open_step_history_on_process_end() returns trigger
      language plpgsql security definer set search_path = ''
      as $function$
      begin
        if new.status in ('completed', 'failed', 'aborted') and new.status is distinct from old.status then
          update public.step_execution_history
          set ended_at = now()
          where process_id = new.id and ended_at is null;
        end if;
        return new;
      end
      $function$
    $definition$;
    revoke execute on function public.fn_close_open_step_history_on_process_end() from public, anon, authenticated;
  end if;

  if not exists (
    select 1 from pg_catalog.pg_trigger
    where tgname = 'trg_process_state_history' and tgrelid = 'public.process_execution_state'::regclass
  ) then
    create trigger trg_process_state_history
      after update on public.process_execution_state
      for each row
      when (
        new.current_step_index is distinct from old.current_step_index
        or new.current_step_type is distinct from old.current_step_type
        or new.current_step_name is distinct from old.current_step_name
      )
      execute function public.fn_record_step_history();
  end if;

  if not exists (
    select 1 from pg_catalog.pg_trigger
    where tgname = 'trg_process_end_close_history' and tgrelid = 'public.process_executions'::regclass
  ) then
    create trigger trg_process_end_close_history
      after update on public.process_executions
      for each row
      when (
        new.status in ('completed', 'failed', 'aborted') and new.status is distinct from old.status
      )
      execute function public.fn_close_open_step_history_on_process_end();
  end if;
end
$create$;

/* rollback
drop trigger if exists trg_process_state_history on public.process_execution_state;
drop trigger if exists trg_process_end_close_history on public.process_executions;
drop function if exists public.fn_record_step_history();
drop function if exists public.fn_close_open_step_history_on_process_end();
-- drop table if exists public.step_execution_history;
rollback */
