-- What a controller reports is what a page can read: its moments lie in this age, a pulse holds numbers, a sample that comes late
-- is not what is read now, no failure is told at greater length than anybody reads, and a note says something about a time of runs.
-- Written by: record_step, record_samples, end_process, write_note.

create function private.is_moment(p_text text) returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  -- A controller without a clock counts from 1970; it is recorded all the same.
  return p_text is null or (p_text ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d' and p_text !~* 'bc'
    and p_text::timestamptz between '1970-01-01' and '2200-01-01');
exception
  when data_exception then
    return false;
end
$$;
comment on function private.is_moment(text) is 'True for null, and for the text of a moment that a controller may have measured at.';

create function private.is_pulse(p_pulse jsonb) returns boolean
language sql immutable set search_path = ''
as $$
  select jsonb_typeof(p_pulse) is distinct from 'object' or not exists (
    select 1 from jsonb_each(p_pulse) p
    where p.key in ('peak_torr', 'area_torr_s', 'baseline_torr', 'mass_gain_ng_cm2') and case jsonb_typeof(p.value)
      when 'null' then false when 'number' then abs((p.value #>> '{}')::numeric) > 1e9 else true end)
$$;
comment on function private.is_pulse(jsonb) is 'True when what the summary of a pulse says in figures is numbers within a billion.';

create or replace function private.step_fault(p_steps jsonb) returns text
language plpgsql stable set search_path = ''
as $$
declare
  s jsonb;
  p jsonb;
  v_at integer := 0;
  v_fault text;
begin
  if jsonb_typeof(p_steps) is distinct from 'array' then
    return 'steps: not an array';
  end if;
  for s in select jsonb_array_elements(p_steps) loop
    p := coalesce(s -> 'parameters', 'null');
    v_fault := case
      when jsonb_typeof(s) <> 'object' then 'not an object'
      when jsonb_typeof(s -> 'seq') is distinct from 'number' or (s ->> 'seq') !~ '^[1-9][0-9]{0,8}$' then 'seq is not a whole number from 1'
      when s ->> 'step_type' is null or s ->> 'step_type' not in ('valve', 'purge', 'parameter', 'wait') then 'step_type is not valve, purge, parameter or wait'
      when jsonb_typeof(s -> 'measured_ms') not in ('number', 'null') then 'measured_ms is not a number'
      when jsonb_typeof(s -> 'measured_ms') = 'number' and (s ->> 'measured_ms')::numeric not between 0.001 and 999999999 then 'measured_ms is not above 0'
      when not private.is_whole(s -> 'planned_ms') then 'planned_ms is not a whole number from 0'
      when not private.is_whole(s -> 'cycle') then 'cycle is not a whole number'
      when jsonb_typeof(s -> 'loop_path') not in ('array', 'null') then 'loop_path is not an array'
      when (s ->> 'loop_path') !~ '^\[([0-9]{1,9}(, )?)*\]$' then 'loop_path does not hold whole numbers'
      when not private.is_id(s ->> 'recipe_step_id') then 'recipe_step_id is not an id'
      when not private.is_moment(s ->> 'device_started_at') then 'device_started_at is not a time such as 2026-03-01T10:00:00.102Z'
      when jsonb_typeof(s -> 'pulse') not in ('object', 'null') then 'pulse is not an object'
      when not private.is_pulse(s -> 'pulse') then 'pulse holds a figure that is no number'
      when s ->> 'end_reason' not in ('aborted', 'failed') then 'end_reason is not aborted or failed'
      when jsonb_typeof(p) not in ('object', 'null') then 'parameters is not an object'
      when not private.is_id(p ->> 'parameter_id') then 'parameters.parameter_id is not an id'
      when jsonb_typeof(p -> 'parameter_value') not in ('number', 'null') then 'parameters.parameter_value is not a number'
      when not private.is_whole(p -> 'valve_number') then 'parameters.valve_number is not a whole number from 0'
      when not private.is_whole(p -> 'valve_duration_ms') then 'parameters.valve_duration_ms is not a whole number from 0'
      when not private.is_whole(p -> 'purge_duration_ms') then 'parameters.purge_duration_ms is not a whole number from 0'
      when not private.is_whole(p -> 'loop_count') then 'parameters.loop_count is not a whole number from 0'
      when not private.is_whole(p -> 'loop_iteration') then 'parameters.loop_iteration is not a whole number from 0'
    end;
    if v_fault is not null then
      return 'steps[' || v_at || ']: ' || v_fault;
    end if;
    v_at := v_at + 1;
  end loop;
  return null;
end
$$;

create or replace function public.record_samples(p_run_id uuid, p_fence_token bigint, p_samples jsonb) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_run public.process_executions;
  v_last jsonb;
begin
  if jsonb_typeof(p_samples) is distinct from 'array' then
    return private.refuse(422, 'sample_invalid', 'No sample was recorded: samples is not an array.', null);
  end if;
  select * into v_run from public.process_executions r where r.id = p_run_id;
  if v_run.id is null then
    return private.refuse(404, 'run_not_found', 'No sample was recorded: there is no such run.', null);
  end if;
  if not private.holds_lease(v_run.machine_id, p_fence_token) then
    return private.refuse_fence('The sample');
  end if;
  if exists (
    select 1 from jsonb_array_elements(p_samples) s where not private.are_readings(v_run.machine_id, s -> 'values')
  ) then
    return private.refuse(422, 'sample_invalid', 'No sample was recorded: a value is not a number, or its parameter is not one of this machine.', 'Send numbers keyed by parameter id.');
  end if;
  if exists (
    select 1 from jsonb_array_elements(p_samples) s where s ->> 'timestamp' is null or not private.is_moment(s ->> 'timestamp')
  ) then
    return private.refuse(422, 'sample_invalid', 'No sample was recorded: a timestamp is not a time such as 2026-03-01T10:00:00.102Z.', 'Send the time of the reading by the controller''s clock.');
  end if;
  insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp")
  select p_run_id, v.key::uuid, v.value::double precision, p.set_value, (s ->> 'timestamp')::timestamptz
  from jsonb_array_elements(p_samples) s
  cross join lateral jsonb_each_text(s -> 'values') v
  join public.component_parameters p on p.id = v.key::uuid
  on conflict do nothing;
  -- The newest value of each parameter: not every sample carries every parameter.
  v_last := (
    select jsonb_build_object('timestamp', p_samples -> -1 -> 'timestamp', 'values', jsonb_object_agg(v.key, v.value order by i))
    from jsonb_array_elements(p_samples) with ordinality e(s, i) cross join lateral jsonb_each(s -> 'values') v);
  if jsonb_array_length(p_samples) > 0 and v_last -> 'values' <> 'null'::jsonb and v_run.status in ('preparing', 'running', 'paused') then
    update public.process_execution_state s
    set process_metrics = jsonb_build_object('at', v_last ->> 'timestamp', 'values',
      coalesce(s.process_metrics -> 'values', '{}'::jsonb) || (
        select coalesce(jsonb_object_agg(p.name, (v_last -> 'values' ->> p.parameter_id::text)::double precision), '{}'::jsonb)
        from public.machine_parameters p
        where p.machine_id = v_run.machine_id and (v_last -> 'values') ? p.parameter_id::text))
    -- A sample that comes late belongs to the record; what is read now it is not.
    where s.execution_id = p_run_id and (
      s.process_metrics ->> 'at' is null or not private.is_moment(s.process_metrics ->> 'at')
      or (s.process_metrics ->> 'at')::timestamptz <= (v_last ->> 'timestamp')::timestamptz);
    if found then
      perform private.keep_readings(v_last -> 'values');
    end if;
  end if;
  return jsonb_build_object('ok', true, 'count', jsonb_array_length(p_samples));
end
$$;

create function private.process_executions_shorten() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.error_message := left(new.error_message, 4000);
  return new;
end
$$;
comment on function private.process_executions_shorten() is 'Keeps of a failure''s text what can be read.';
create trigger t05_shorten before insert or update of error_message on public.process_executions
  for each row when (length(new.error_message) > 4000) execute function private.process_executions_shorten();
create or replace function private.note_fault(p_run_id uuid, p_body text, p_seq integer, p_until_seq integer, p_at timestamptz, p_until_at timestamptz) returns text
language sql stable security definer set search_path = ''
as $$
  select case
    when coalesce(private.readable_length(p_body), 0) = 0 or length(btrim(p_body)) > 4000 then 'a text of 1 to 4 000 characters is needed'
    when p_seq is not null and p_at is not null then 'it is on a step or on a moment, not on both'
    when (p_until_seq is not null and p_seq is null) or (p_until_at is not null and p_at is null) then 'a stretch needs a beginning'
    when p_at not between '1970-01-01' and '2200-01-01' or p_until_at not between '1970-01-01' and '2200-01-01' then 'no run was at that time'
    when p_until_seq < p_seq or p_until_at < p_at then 'a stretch ends after it begins'
    when coalesce(p_until_seq, p_seq) is not null and (p_seq < 1 or coalesce(p_until_seq, p_seq) > (select r.last_seq from public.process_executions r where r.id = p_run_id))
      then 'the run has no such step'
  end
$$;
revoke execute on all functions in schema private from public;

/* rollback
create or replace function private.note_fault(p_run_id uuid, p_body text, p_seq integer, p_until_seq integer, p_at timestamptz, p_until_at timestamptz) returns text
language sql stable security definer set search_path = ''
as $$
  select case
    when length(btrim(coalesce(p_body, ''))) not between 1 and 4000 then 'a text of 1 to 4 000 characters is needed'
    when p_seq is not null and p_at is not null then 'it is on a step or on a moment, not on both'
    when (p_until_seq is not null and p_seq is null) or (p_until_at is not null and p_at is null) then 'a stretch needs a beginning'
    when p_until_seq < p_seq or p_until_at < p_at then 'a stretch ends after it begins'
    when coalesce(p_until_seq, p_seq) is not null and (p_seq < 1 or coalesce(p_until_seq, p_seq) > (select r.last_seq from public.process_executions r where r.id = p_run_id))
      then 'the run has no such step'
  end
$$;
drop trigger t05_shorten on public.process_executions;
drop function private.process_executions_shorten();
create or replace function public.record_samples(p_run_id uuid, p_fence_token bigint, p_samples jsonb) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_run public.process_executions;
  v_last jsonb;
begin
  if jsonb_typeof(p_samples) is distinct from 'array' then
    return private.refuse(422, 'sample_invalid', 'No sample was recorded: samples is not an array.', null);
  end if;
  select * into v_run from public.process_executions r where r.id = p_run_id;
  if v_run.id is null then
    return private.refuse(404, 'run_not_found', 'No sample was recorded: there is no such run.', null);
  end if;
  if not private.holds_lease(v_run.machine_id, p_fence_token) then
    return private.refuse_fence('The sample');
  end if;
  if exists (
    select 1 from jsonb_array_elements(p_samples) s where not private.are_readings(v_run.machine_id, s -> 'values')
  ) then
    return private.refuse(422, 'sample_invalid', 'No sample was recorded: a value is not a number, or its parameter is not one of this machine.', 'Send numbers keyed by parameter id.');
  end if;
  insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp")
  select p_run_id, v.key::uuid, v.value::double precision, p.set_value, (s ->> 'timestamp')::timestamptz
  from jsonb_array_elements(p_samples) s
  cross join lateral jsonb_each_text(s -> 'values') v
  join public.component_parameters p on p.id = v.key::uuid
  on conflict do nothing;
  -- The newest value of each parameter: not every sample carries every parameter.
  v_last := (
    select jsonb_build_object('timestamp', p_samples -> -1 -> 'timestamp', 'values', jsonb_object_agg(v.key, v.value order by i))
    from jsonb_array_elements(p_samples) with ordinality e(s, i) cross join lateral jsonb_each(s -> 'values') v);
  if jsonb_array_length(p_samples) > 0 and v_last -> 'values' <> 'null'::jsonb and v_run.status in ('preparing', 'running', 'paused') then
    update public.process_execution_state s
    set process_metrics = jsonb_build_object('at', v_last ->> 'timestamp', 'values',
      coalesce(s.process_metrics -> 'values', '{}'::jsonb) || (
        select coalesce(jsonb_object_agg(p.name, (v_last -> 'values' ->> p.parameter_id::text)::double precision), '{}'::jsonb)
        from public.machine_parameters p
        where p.machine_id = v_run.machine_id and (v_last -> 'values') ? p.parameter_id::text))
    where s.execution_id = p_run_id;
    perform private.keep_readings(v_last -> 'values');
  end if;
  return jsonb_build_object('ok', true, 'count', jsonb_array_length(p_samples));
end
$$;
create or replace function private.step_fault(p_steps jsonb) returns text
language plpgsql immutable set search_path = ''
as $$
declare
  s jsonb;
  p jsonb;
  v_at integer := 0;
  v_fault text;
begin
  if jsonb_typeof(p_steps) is distinct from 'array' then
    return 'steps: not an array';
  end if;
  for s in select jsonb_array_elements(p_steps) loop
    p := coalesce(s -> 'parameters', 'null');
    v_fault := case
      when jsonb_typeof(s) <> 'object' then 'not an object'
      when jsonb_typeof(s -> 'seq') is distinct from 'number' or (s ->> 'seq') !~ '^[1-9][0-9]{0,8}$' then 'seq is not a whole number from 1'
      when s ->> 'step_type' is null or s ->> 'step_type' not in ('valve', 'purge', 'parameter', 'wait') then 'step_type is not valve, purge, parameter or wait'
      when jsonb_typeof(s -> 'measured_ms') not in ('number', 'null') then 'measured_ms is not a number'
      when jsonb_typeof(s -> 'measured_ms') = 'number' and (s ->> 'measured_ms')::numeric not between 0.001 and 999999999 then 'measured_ms is not above 0'
      when not private.is_whole(s -> 'planned_ms') then 'planned_ms is not a whole number from 0'
      when not private.is_whole(s -> 'cycle') then 'cycle is not a whole number'
      when jsonb_typeof(s -> 'loop_path') not in ('array', 'null') then 'loop_path is not an array'
      when (s ->> 'loop_path') !~ '^\[([0-9]{1,9}(, )?)*\]$' then 'loop_path does not hold whole numbers'
      when not private.is_id(s ->> 'recipe_step_id') then 'recipe_step_id is not an id'
      when (s ->> 'device_started_at') !~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d' then 'device_started_at is not a time such as 2026-03-01T10:00:00.102Z'
      when s ->> 'end_reason' not in ('aborted', 'failed') then 'end_reason is not aborted or failed'
      when jsonb_typeof(p) not in ('object', 'null') then 'parameters is not an object'
      when not private.is_id(p ->> 'parameter_id') then 'parameters.parameter_id is not an id'
      when jsonb_typeof(p -> 'parameter_value') not in ('number', 'null') then 'parameters.parameter_value is not a number'
      when not private.is_whole(p -> 'valve_number') then 'parameters.valve_number is not a whole number from 0'
      when not private.is_whole(p -> 'valve_duration_ms') then 'parameters.valve_duration_ms is not a whole number from 0'
      when not private.is_whole(p -> 'purge_duration_ms') then 'parameters.purge_duration_ms is not a whole number from 0'
      when not private.is_whole(p -> 'loop_count') then 'parameters.loop_count is not a whole number from 0'
      when not private.is_whole(p -> 'loop_iteration') then 'parameters.loop_iteration is not a whole number from 0'
    end;
    if v_fault is not null then
      return 'steps[' || v_at || ']: ' || v_fault;
    end if;
    v_at := v_at + 1;
  end loop;
  return null;
end
$$;
drop function private.is_pulse(jsonb), private.is_moment(text);
rollback */
