-- Makes the step history of 0006 true: numbered without gaps, one open row at most, clock time instead of
-- transaction time, every loop iteration and the first step recorded, own values only, nothing after the end,
-- and a history fault never costs a state update. Adds what the controller measures.
-- Written by: record_step (0010), or by trigger for a controller that only updates process_execution_state.

alter table public.step_execution_history
  add column seq integer,
  add column recipe_step_id uuid,
  add column loop_path integer[] not null default '{}',
  add column cycle integer,
  add column planned_ms integer,
  add column measured_ms numeric(12, 3),
  add column device_started_at timestamptz,
  add column end_reason text,
  add column pulse jsonb,
  add column deviation_ms numeric generated always as (measured_ms - planned_ms) stored,
  add column is_deviation boolean generated always as (
    coalesce(abs(measured_ms - planned_ms) > greatest(25, planned_ms * 0.03), false)
    and (coalesce(end_reason, 'next') in ('next', 'completed') or measured_ms > planned_ms)
  ) stored;

-- Rows written before this file: number them, leave one open, give every closed one a duration above zero.
update public.step_execution_history h
set seq = n.seq, ended_at = case
  when n.next_start is not null then greatest(coalesce(h.ended_at, n.next_start), h.started_at + interval '1 microsecond')
  when h.ended_at is not null then greatest(h.ended_at, h.started_at + interval '1 microsecond')
  when r.status in ('completed', 'failed', 'aborted') then greatest(coalesce(r.end_time, r.updated_at), h.started_at + interval '1 microsecond')
end
from (
  select id, process_id,
    row_number() over (partition by process_id order by started_at, created_at, id) as seq,
    lead(started_at) over (partition by process_id order by started_at, created_at, id) as next_start
  from public.step_execution_history
) n
join public.process_executions r on r.id = n.process_id
where n.id = h.id;
update public.process_executions r set last_seq = n.last_seq
from (select process_id, max(seq) as last_seq from public.step_execution_history group by process_id) n
where n.process_id = r.id;

alter table public.step_execution_history
  alter column seq set not null,
  alter column started_at set not null,
  alter column parameters set not null,
  add constraint step_execution_history_seq_once unique (process_id, seq),
  add constraint step_execution_history_seq_is_positive check (seq > 0),
  add constraint step_execution_history_duration_is_positive check (ended_at > started_at),
  add constraint step_execution_history_measured_is_positive check (measured_ms > 0),
  add constraint step_execution_history_end_reason_is_known
    check (end_reason in ('next', 'completed', 'aborted', 'failed', 'interrupted'));
drop index public.step_execution_history_open;
create unique index step_execution_history_open on public.step_execution_history (process_id) where ended_at is null;
-- Windows of the timeline are asked for on the controller's clock.
create index step_execution_history_by_device_start on public.step_execution_history (process_id, device_started_at);
create index step_execution_history_deviations on public.step_execution_history (process_id, seq) where is_deviation;

comment on table public.step_execution_history is 'One step execution of a run; numbered by seq from 1 without gaps.';
comment on column public.step_execution_history.started_at is 'Recorded start, by the database''s clock.';
comment on column public.step_execution_history.planned_ms is 'Planned duration, from the frozen program.';
comment on column public.step_execution_history.measured_ms is 'Measured duration, by the controller''s own clock.';
comment on column public.step_execution_history.device_started_at is 'Measured start, by the controller''s own clock.';
comment on column public.step_execution_history.loop_path is 'Iteration (from 1) of every enclosing loop, outermost first.';
comment on column public.step_execution_history.cycle is 'Running number of the deposition cycle, null outside of cycles.';
comment on column public.step_execution_history.pulse is 'Summary of a pulse: peak_torr, area_torr_s, baseline_torr, mass_gain_ng_cm2.';
comment on column public.step_execution_history.is_deviation is
  'Measured differs from planned by more than 25 ms and by more than 3 %; a step cut short by a stop, a fault or the end of its run does not count.';

create function private.step_history_number() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if new.seq is null then
    update public.process_executions set last_seq = last_seq + 1 where id = new.process_id returning last_seq into new.seq;
  end if;
  return new;
end
$$;
comment on function private.step_history_number() is 'Numbers a row that its writer did not number.';
create trigger t10_number before insert on public.step_execution_history
  for each row execute function private.step_history_number();

create function private.step_started(p_process_id uuid) returns timestamptz
language plpgsql security definer set search_path = ''
as $$
declare
  v_last timestamptz;
  v_now timestamptz := clock_timestamp();
begin
  select greatest(max(h.started_at), max(h.ended_at)) into v_last from (
    select started_at, ended_at from public.step_execution_history
    where process_id = p_process_id order by seq desc limit 1
  ) h;
  return greatest(v_now, v_last + interval '1 microsecond');
end
$$;
comment on function private.step_started(uuid) is
  'Database time for the next boundary of a run: now, but always after the boundary before it, even when the clock steps back.';

create or replace function public.fn_record_step_history() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_at timestamptz;
  v_own jsonb;
  v_is_new boolean;
  v_type text := lower(new.current_step_type);
begin
  if tg_op = 'UPDATE' and new.current_seq is distinct from old.current_seq then
    return new;
  end if;
  if v_type is null and new.current_step_name is null then
    return new;
  end if;
  v_is_new := tg_op = 'INSERT'
    or new.current_step_index is distinct from old.current_step_index
    or new.current_step_type is distinct from old.current_step_type
    or new.current_step_name is distinct from old.current_step_name
    or new.current_overall_step is distinct from old.current_overall_step
    or new.current_loop_iteration is distinct from old.current_loop_iteration
    or new.current_step is distinct from old.current_step;
  v_own := jsonb_strip_nulls(jsonb_build_object(
    'current_step', new.current_step,
    'loop_count', new.current_loop_count,
    'loop_iteration', new.current_loop_iteration
  ) || case
    when v_type like '%valve%' then jsonb_build_object(
      'valve_number', new.current_valve_number, 'valve_duration_ms', new.current_valve_duration_ms)
    when v_type like 'purg%' then jsonb_build_object('purge_duration_ms', new.current_purge_duration_ms)
    when v_type like '%parameter%' then jsonb_build_object(
      'parameter_id', new.current_parameter_id, 'parameter_value', new.current_parameter_value)
    else '{}'::jsonb
  end);

  begin
    perform 1 from public.process_executions r
    where r.id = new.execution_id and r.status in ('preparing', 'running', 'paused')
    for no key update;
    if not found then
      return new;
    end if;
    if v_is_new then
      v_at := private.step_started(new.execution_id);
      update public.step_execution_history set ended_at = v_at, end_reason = 'next'
      where process_id = new.execution_id and ended_at is null;
      insert into public.step_execution_history
        (process_id, step_number, step_type, step_name, started_at, parameters, planned_ms)
      values (new.execution_id, coalesce(new.current_overall_step, new.current_step_index), new.current_step_type,
        new.current_step_name, v_at, v_own,
        coalesce(v_own ->> 'valve_duration_ms', v_own ->> 'purge_duration_ms')::integer);
    else
      update public.step_execution_history set parameters = v_own,
        planned_ms = coalesce(v_own ->> 'valve_duration_ms', v_own ->> 'purge_duration_ms')::integer
      where process_id = new.execution_id and ended_at is null and parameters is distinct from v_own;
    end if;
  exception
    when serialization_failure or deadlock_detected then
      raise;
    when others then
      raise warning 'step history of run % was not written: %', new.execution_id, sqlerrm;
  end;
  return new;
end
$$;
comment on function public.fn_record_step_history() is
  'Trigger: records steps for a controller that only updates process_execution_state; a row whose current_seq moves was recorded by record_step.';

create or replace function public.fn_close_open_step_history_on_process_end() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_at timestamptz := private.step_started(new.id);
begin
  update public.step_execution_history
  set ended_at = greatest(coalesce(new.end_time, v_at), started_at + interval '1 microsecond'),
    end_reason = coalesce(new.end_reason, new.status::text)
  where process_id = new.id and ended_at is null;
  return new;
end
$$;
comment on function public.fn_close_open_step_history_on_process_end() is
  'Trigger: closes the open step of a run that has ended, at the end of the run.';

create or replace trigger trg_process_state_history
  after insert or update on public.process_execution_state
  for each row execute function public.fn_record_step_history();

create or replace trigger trg_process_end_close_history
  after update on public.process_executions
  for each row
  when (new.status in ('completed', 'failed', 'aborted') and new.status is distinct from old.status)
  execute function public.fn_close_open_step_history_on_process_end();

revoke all on public.step_execution_history from anon, authenticated;
grant select on public.step_execution_history to authenticated;
grant all on public.step_execution_history to service_role;
create policy step_execution_history_read_by_people on public.step_execution_history
  for select to authenticated using ((select private.is_person()));
revoke execute on all functions in schema private from public;
revoke execute on function public.fn_record_step_history(), public.fn_close_open_step_history_on_process_end()
  from public, anon, authenticated;

/* rollback
drop trigger if exists t10_number on public.step_execution_history;
drop function if exists private.step_history_number();
drop trigger if exists trg_process_state_history on public.process_execution_state;
drop trigger if exists trg_process_end_close_history on public.process_executions;
drop function if exists public.fn_record_step_history();
drop function if exists public.fn_close_open_step_history_on_process_end();
drop function if exists private.step_started(uuid);
drop policy if exists step_execution_history_read_by_people on public.step_execution_history;
drop index if exists public.step_execution_history_open, public.step_execution_history_by_device_start,
  public.step_execution_history_deviations;
alter table public.step_execution_history
  drop constraint if exists step_execution_history_seq_once,
  drop constraint if exists step_execution_history_seq_is_positive,
  drop constraint if exists step_execution_history_duration_is_positive,
  drop constraint if exists step_execution_history_measured_is_positive,
  drop constraint if exists step_execution_history_end_reason_is_known,
  drop column if exists deviation_ms, drop column if exists is_deviation,
  drop column if exists seq, drop column if exists recipe_step_id, drop column if exists loop_path,
  drop column if exists cycle, drop column if exists planned_ms, drop column if exists measured_ms,
  drop column if exists device_started_at, drop column if exists end_reason, drop column if exists pulse;
create index if not exists step_execution_history_open
  on public.step_execution_history (process_id) where ended_at is null;
alter table public.step_execution_history
  alter column started_at drop not null,
  alter column parameters drop not null;
comment on table public.step_execution_history is null;
comment on column public.step_execution_history.started_at is null;
grant all on public.step_execution_history to anon, authenticated;
-- What this file replaced, as 0006 made it.
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
      $function$;
revoke execute on function public.fn_record_step_history() from public, anon, authenticated;
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
      $function$;
revoke execute on function public.fn_close_open_step_history_on_process_end() from public, anon, authenticated;
create trigger trg_process_state_history
  after update on public.process_execution_state
  for each row
  when (
    new.current_step_index is distinct from old.current_step_index
    or new.current_step_type is distinct from old.current_step_type
    or new.current_step_name is distinct from old.current_step_name
  )
  execute function public.fn_record_step_history();
create trigger trg_process_end_close_history
  after update on public.process_executions
  for each row
  when (
    new.status in ('completed', 'failed', 'aborted') and new.status is distinct from old.status
  )
  execute function public.fn_close_open_step_history_on_process_end();
rollback */
