-- What a controller may do: hold a machine by lease, take commands, report steps and samples, end the run.
-- Every write names the fence token of the lease; a superseded controller is refused. Called with the secret key.

create function private.holds_lease(p_machine_id uuid, p_fence_token bigint) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  perform 1 from public.machine_leases l where l.machine_id = p_machine_id and l.fence_token = p_fence_token for share;
  return found;
end
$$;
comment on function private.holds_lease(uuid, bigint) is 'Is this the newest fence of the machine; no claim can pass until the caller commits.';

create function private.refuse_fence(p_what text) returns jsonb
language sql set search_path = ''
as $$
  select private.refuse(409, 'fence_stale', p_what || ' was not written: another controller holds the machine, or the lease was lost.',
    'Stop writing, bring the machine to its safe end, and claim it again.')
$$;
comment on function private.refuse_fence(text) is 'The answer to a superseded controller.';

create function public.claim_machine(
  p_machine_id uuid, p_controller text, p_driver text, p_is_simulated boolean, p_ttl_ms integer default 6000
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lease public.machine_leases;
  v_now timestamptz := clock_timestamp();
  v_run uuid;
begin
  if btrim(coalesce(p_controller, '')) = '' or btrim(coalesce(p_driver, '')) = '' or coalesce(p_ttl_ms, 0) not between 1000 and 60000 then
    return private.refuse(422, 'lease_invalid', 'The machine was not claimed: a controller name, a driver and a time from 1 000 to 60 000 ms are needed.', null);
  end if;
  if not exists (select 1 from public.machines m where m.id = p_machine_id and m.is_active) then
    return private.refuse(404, 'machine_not_found', 'The machine was not claimed: there is no such active machine.', 'Check the machine id.');
  end if;
  perform private.lose_controllers();
  insert into public.machine_leases as l
    (machine_id, controller, driver, is_simulated, fence_token, acquired_at, renewed_at, expires_at)
  values (p_machine_id, p_controller, p_driver, coalesce(p_is_simulated, false), 1, v_now, v_now,
    v_now + make_interval(secs => p_ttl_ms / 1000.0))
  on conflict (machine_id) do update set
    controller = excluded.controller, driver = excluded.driver, is_simulated = excluded.is_simulated,
    fence_token = l.fence_token + 1, acquired_at = excluded.acquired_at,
    renewed_at = excluded.renewed_at, expires_at = excluded.expires_at
  where l.controller = excluded.controller or l.expires_at <= clock_timestamp()
  returning * into v_lease;
  if v_lease.machine_id is null then
    select * into v_lease from public.machine_leases l where l.machine_id = p_machine_id;
    return private.refuse(409, 'lease_held', format('The machine was not claimed: %s holds it until %s.', v_lease.controller, v_lease.expires_at),
      'Wait until the lease ends, or stop the other controller.');
  end if;
  perform private.expire_commands(p_machine_id);
  update public.machines m set status = 'idle' where m.id = p_machine_id and m.status = 'offline';
  select m.current_process_id into v_run from public.machines m where m.id = p_machine_id;
  return jsonb_build_object('ok', true, 'fence_token', v_lease.fence_token, 'expires_at', v_lease.expires_at,
    'server_time', clock_timestamp(),
    'run', (select to_jsonb(r) from public.process_executions r
      where r.machine_id = p_machine_id and r.status in ('preparing', 'running', 'paused')));
end
$$;
comment on function public.claim_machine(uuid, text, text, boolean, integer) is
  'Takes the lease of a machine and a new fence. The same controller may claim again at once, another after expiry. '
  'An offline machine becomes idle. 404 machine_not_found, 409 lease_held, 422 lease_invalid.';

create function public.renew_lease(p_machine_id uuid, p_fence_token bigint, p_ttl_ms integer default 6000) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_lease public.machine_leases;
begin
  update public.machine_leases l
  set renewed_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => least(greatest(p_ttl_ms, 1000), 60000) / 1000.0)
  where l.machine_id = p_machine_id and l.fence_token = p_fence_token
  returning * into v_lease;
  if v_lease.machine_id is null then
    return private.refuse_fence('The lease');
  end if;
  perform private.expire_commands(p_machine_id);
  perform private.lose_controllers();
  return jsonb_build_object('ok', true, 'expires_at', v_lease.expires_at, 'server_time', clock_timestamp(),
    'commands', coalesce((
      select jsonb_agg(to_jsonb(c) order by c.requested_at, c.id) from public.machine_commands c
      where c.machine_id = p_machine_id and c.settled_at is null and c.run_id is not null), '[]'::jsonb));
end
$$;
comment on function public.renew_lease(uuid, bigint, integer) is
  'Keeps the lease and returns the unsettled commands of the machine, oldest first. 409 fence_stale.';

create function public.release_machine(p_machine_id uuid, p_fence_token bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machine_leases l set fence_token = l.fence_token + 1, expires_at = clock_timestamp()
  where l.machine_id = p_machine_id and l.fence_token = p_fence_token;
  if not found then
    return private.refuse_fence('The release');
  end if;
  perform 1 from public.machines m where m.id = p_machine_id for no key update;
  update public.machines m set status = 'offline' where m.id = p_machine_id and m.status = 'idle';
  return jsonb_build_object('ok', true);
end
$$;
comment on function public.release_machine(uuid, bigint) is 'Gives the lease up; an idle machine becomes offline. 409 fence_stale.';

create function public.accept_command(p_command_id uuid, p_fence_token bigint) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v public.machine_commands;
begin
  select * into v from public.machine_commands c where c.id = p_command_id;
  if v.id is null then
    return private.refuse(404, 'command_not_found', 'The command was not accepted: there is no such command.', null);
  end if;
  if not private.holds_lease(v.machine_id, p_fence_token) then
    return private.refuse_fence('The acceptance');
  end if;
  update public.machine_commands c set status = 'accepted', accepted_at = clock_timestamp()
  where c.id = p_command_id and c.status = 'requested';
  select * into v from public.machine_commands c where c.id = p_command_id;
  if v.settled_at is not null then
    return private.refuse(409, 'command_settled', format('The command was not accepted: it is already %s.', v.status), 'Leave it.');
  end if;
  return jsonb_build_object('ok', true, 'command', to_jsonb(v),
    'run', (select to_jsonb(r) from public.process_executions r where r.id = v.run_id));
end
$$;
comment on function public.accept_command(uuid, bigint) is
  'Takes a command; taking it twice is harmless. 404 command_not_found, 409 fence_stale, command_settled.';

create function public.advance_command(p_command_id uuid, p_fence_token bigint, p_status text, p_reason text default null) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v public.machine_commands;
begin
  if p_status is null or p_status not in ('executing', 'failed') then
    return private.refuse(422, 'status_unknown', format('The command was not advanced: "%s" is not executing or failed.', p_status), null);
  end if;
  select * into v from public.machine_commands c where c.id = p_command_id;
  if v.id is null then
    return private.refuse(404, 'command_not_found', 'The command was not advanced: there is no such command.', null);
  end if;
  if not private.holds_lease(v.machine_id, p_fence_token) then
    return private.refuse_fence('The progress of the command');
  end if;
  select * into v from public.machine_commands c where c.id = p_command_id for no key update;
  if v.settled_at is not null then
    return private.refuse(409, 'command_settled', format('The command was not advanced: it is already %s.', v.status), 'Leave it.');
  end if;
  if p_status = 'executing' then
    update public.machine_commands c
    set status = 'executing', accepted_at = coalesce(c.accepted_at, clock_timestamp()), executing_at = coalesce(c.executing_at, clock_timestamp())
    where c.id = p_command_id;
  else
    perform private.settle_command(p_command_id, 'failed', coalesce(p_reason, 'The controller could not do it.'));
    if v.kind = 'start' then
      perform 1 from public.machines m where m.id = v.machine_id for no key update;
      perform private.move_machine(v.machine_id, 'error', null, true, coalesce(p_reason, 'The run could not be started.'));
      perform private.end_run(v.run_id, 'failed', 'failed', coalesce(p_reason, 'The run could not be started.'));
    end if;
  end if;
  return jsonb_build_object('ok', true, 'command', (select to_jsonb(c) from public.machine_commands c where c.id = p_command_id));
end
$$;
comment on function public.advance_command(uuid, bigint, text, text) is
  'Says that a command is being executed, or failed; a failed start ends its run and leaves the machine in error. '
  '404 command_not_found, 409 fence_stale, command_settled, 422 status_unknown.';

create function private.controller_returned(p_machine_id uuid, p_run_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  perform 1 from public.machines m
  where m.id = p_machine_id and m.status = 'unknown' and m.current_process_id = p_run_id for no key update;
  if found then
    perform private.move_machine(p_machine_id, case when exists (
      select 1 from public.machine_commands c where c.run_id = p_run_id and c.kind = 'stop' and c.settled_at is null
    ) then 'stopping' else 'processing' end, p_run_id);
    perform private.audit('controller_returned', p_machine_id, p_run_id);
  end if;
end
$$;
comment on function private.controller_returned(uuid, uuid) is
  'A controller that still holds its fence reports of the run again: what it does is known again, nobody need reconcile.';

create function private.is_whole(p_value jsonb) returns boolean
language plpgsql immutable set search_path = ''
as $$
begin
  return p_value is null or p_value = 'null'
    or jsonb_typeof(p_value) = 'number' and p_value::text ~ '^[0-9]{1,10}$' and p_value::numeric <= 2147483647;
end
$$;
comment on function private.is_whole(jsonb) is 'True for a whole number from 0 that an integer column holds, and for none at all.';

create function private.is_id(p_value text) returns boolean
language plpgsql immutable set search_path = ''
as $$
begin
  return p_value is null or p_value ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
end
$$;
comment on function private.is_id(text) is 'True for a uuid, and for none at all.';

create function private.step_fault(p_steps jsonb) returns text
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
comment on function private.step_fault(jsonb) is 'First fault of an array of step reports, with its path; null when there is none.';

create function private.lock_parameters(p_values jsonb) returns void
language plpgsql set search_path = ''
as $$
begin
  perform 1 from public.component_parameters p
  where p.id in (select k::uuid from jsonb_object_keys(p_values) k) order by p.id for no key update;
end
$$;
comment on function private.lock_parameters(jsonb) is
  'Locks the parameters whose ids are the keys, in one order, so that two reports that come at once wait for each other.';

create function private.fill_measured(p_run_id uuid, p_step jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_is_deviation boolean;
begin
  update public.step_execution_history h
  set measured_ms = coalesce(h.measured_ms, (p_step ->> 'measured_ms')::numeric),
    pulse = coalesce(h.pulse, nullif(p_step -> 'pulse', 'null'::jsonb)),
    end_reason = coalesce(p_step ->> 'end_reason', h.end_reason)
  where h.process_id = p_run_id and h.seq = (p_step ->> 'seq')::integer and h.measured_ms is null
    and p_step ->> 'measured_ms' is not null
  returning h.is_deviation into v_is_deviation;
  return coalesce(v_is_deviation, false)::integer;
end
$$;
comment on function private.fill_measured(uuid, jsonb) is 'Adds what was measured to a recorded step, once; 1 when that made it a deviation.';

create function private.write_steps(p_run public.process_executions, p_steps jsonb) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_step jsonb;
  v_last integer := p_run.last_seq;
  v_deviations integer := 0;
  v_is_deviation boolean;
  v_at timestamptz;
  v_opened jsonb;
  v_parameters jsonb;
  v_closed public.step_execution_history;
  v_is_cut boolean := false;
  v_set_points jsonb := '{}';
  v_cycles integer;
begin
  for v_step in select jsonb_array_elements(p_steps) loop
    if (v_step ->> 'seq')::integer <= v_last then
      v_deviations := v_deviations + private.fill_measured(p_run.id, v_step);
      continue;
    end if;
    v_at := private.step_started(p_run.id);
    update public.step_execution_history h set ended_at = v_at, end_reason = coalesce(h.end_reason, 'next')
    where h.process_id = p_run.id and h.ended_at is null returning h.* into v_closed;
    -- A cycle is complete when a step of another one, or of none, follows it, unless it was cut.
    v_is_cut := coalesce(v_closed.end_reason <> 'next', false);
    v_cycles := coalesce((v_step ->> 'cycle')::integer - 1, v_closed.cycle - v_is_cut::integer, v_cycles);
    insert into public.step_execution_history (
      process_id, seq, step_number, step_type, step_name, started_at, parameters, recipe_step_id, loop_path,
      cycle, planned_ms, measured_ms, device_started_at, pulse, end_reason)
    values (
      p_run.id, (v_step ->> 'seq')::integer, (v_step ->> 'seq')::integer, v_step ->> 'step_type', v_step ->> 'step_name',
      v_at, jsonb_strip_nulls(coalesce(nullif(v_step -> 'parameters', 'null'::jsonb), '{}'::jsonb)),
      (v_step ->> 'recipe_step_id')::uuid,
      coalesce((select array_agg(e::integer) from jsonb_array_elements_text(nullif(v_step -> 'loop_path', 'null'::jsonb)) e), '{}'),
      (v_step ->> 'cycle')::integer, (v_step ->> 'planned_ms')::integer, (v_step ->> 'measured_ms')::numeric,
      (v_step ->> 'device_started_at')::timestamptz, nullif(v_step -> 'pulse', 'null'::jsonb), v_step ->> 'end_reason')
    returning is_deviation into v_is_deviation;
    if v_step ->> 'step_type' = 'parameter' and v_step #>> '{parameters,parameter_id}' is not null
      and v_step #>> '{parameters,parameter_value}' is not null
    then
      v_set_points := v_set_points || jsonb_build_object(v_step #>> '{parameters,parameter_id}', v_step #> '{parameters,parameter_value}');
    end if;
    v_deviations := v_deviations + v_is_deviation::integer;
    v_last := (v_step ->> 'seq')::integer;
    v_opened := v_step;
  end loop;

  if v_opened is not null then
    v_parameters := coalesce(v_opened -> 'parameters', '{}'::jsonb);
    update public.process_execution_state s set
      current_seq = v_last,
      current_overall_step = v_last,
      current_step_index = v_last - 1,
      current_step_type = v_opened ->> 'step_type',
      current_step_name = v_opened ->> 'step_name',
      current_step = v_opened - 'measured_ms' - 'pulse',
      current_valve_number = (v_parameters ->> 'valve_number')::integer,
      current_valve_duration_ms = (v_parameters ->> 'valve_duration_ms')::integer,
      current_purge_duration_ms = (v_parameters ->> 'purge_duration_ms')::integer,
      -- A parameter that was taken away since the run froze its program is told by the step alone.
      current_parameter_id = (select p.id from public.component_parameters p where p.id = (v_parameters ->> 'parameter_id')::uuid),
      current_parameter_value = (v_parameters ->> 'parameter_value')::numeric,
      current_loop_count = (v_parameters ->> 'loop_count')::integer,
      current_loop_iteration = (v_parameters ->> 'loop_iteration')::integer,
      progress = s.progress || jsonb_strip_nulls(jsonb_build_object(
        'completed_steps', v_last - 1 - v_is_cut::integer,
        'completed_cycles', v_cycles,
        'planned_elapsed_ms', v_opened -> 'planned_elapsed_ms'))
    where s.execution_id = p_run.id;
  end if;
  -- Parameters are locked last, as by samples and readings, which come at any time.
  if v_set_points <> '{}' then
    perform private.lock_parameters(v_set_points);
    update public.component_parameters p set set_value = v.value::double precision, updated_at = clock_timestamp()
    from jsonb_each_text(v_set_points) v where p.id = v.key::uuid;
  end if;
  update public.process_executions r set
    last_seq = v_last,
    deviation_count = r.deviation_count + v_deviations,
    status = case when r.status = 'preparing' and v_last > 0 then 'running' else r.status end,
    updated_at = clock_timestamp()
  where r.id = p_run.id;
  return v_last;
end
$$;
comment on function private.write_steps(public.process_executions, jsonb) is
  'Writes validated step reports of a locked, active run: the step before ends where the next begins.';

create function private.report_steps(p_run_id uuid, p_fence_token bigint, p_steps jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_run public.process_executions;
  v_fault text := private.step_fault(p_steps);
  v_gap integer;
begin
  if v_fault is not null then
    return private.refuse(422, 'step_invalid', 'No step was recorded: ' || v_fault || '.', 'Send the report again, corrected.');
  end if;
  select * into v_run from public.process_executions r where r.id = p_run_id;
  if v_run.id is null then
    return private.refuse(404, 'run_not_found', 'No step was recorded: there is no such run.', null);
  end if;
  if not private.holds_lease(v_run.machine_id, p_fence_token) then
    return private.refuse_fence('The step');
  end if;
  if v_run.status = 'preparing' then
    perform 1 from public.machine_commands c
    where c.run_id = p_run_id and c.kind = 'start' and c.settled_at is null for no key update;
  end if;
  perform private.controller_returned(v_run.machine_id, p_run_id);
  select * into v_run from public.process_executions r where r.id = p_run_id for no key update;
  if v_run.status not in ('preparing', 'running', 'paused') then
    return private.refuse(409, 'run_ended', format('No step was recorded: the run has ended (%s).', v_run.status), 'Do not report steps of an ended run.');
  end if;
  select e.seq into v_gap from (
    select (s ->> 'seq')::integer as seq,
      greatest(v_run.last_seq, coalesce(max((s ->> 'seq')::integer) over (order by i rows between unbounded preceding and 1 preceding), 0)) as before
    from jsonb_array_elements(p_steps) with ordinality x(s, i)
  ) e where e.seq > e.before + 1 limit 1;
  if v_gap is not null then
    return private.refuse(409, 'step_gap', format('No step was recorded: step %s was reported, but the run is recorded to step %s.', v_gap, v_run.last_seq),
      'Report the missing steps first.', jsonb_build_object('last_seq', v_run.last_seq));
  end if;
  perform private.write_steps(v_run, p_steps);
  -- Also when an older controller recorded the first step: what says that the run is played settles its start.
  if v_run.status = 'preparing' and (v_run.last_seq > 0 or jsonb_array_length(p_steps) > 0) then
    update public.machine_commands c set status = 'succeeded', settled_at = clock_timestamp(),
      accepted_at = coalesce(c.accepted_at, clock_timestamp()), executing_at = coalesce(c.executing_at, clock_timestamp())
    where c.run_id = p_run_id and c.kind = 'start' and c.settled_at is null;
  end if;
  return jsonb_build_object('ok', true, 'last_seq', (select r.last_seq from public.process_executions r where r.id = p_run_id));
end
$$;
comment on function private.report_steps(uuid, bigint, jsonb) is 'Checks and writes step reports; used by record_step and end_process.';

create function public.record_step(p_run_id uuid, p_fence_token bigint, p_steps jsonb) returns jsonb
language sql security definer set search_path = ''
as $$ select private.report_steps(p_run_id, p_fence_token, p_steps) $$;
comment on function public.record_step(uuid, bigint, jsonb) is
  'Records step changes in ascending seq; a seq already recorded only has its measured values filled in, once. '
  'An empty report says that the run is still being played. Caller: controller. '
  '404 run_not_found, 409 fence_stale, run_ended, step_gap, 422 step_invalid (with the path); a refusal writes nothing.';

create function private.keep_readings(p_values jsonb) returns void
language sql set search_path = ''
as $$
  select private.lock_parameters(p_values);
  update public.component_parameters p
  set current_value = v.value::double precision, read_at = clock_timestamp(), updated_at = clock_timestamp()
  from jsonb_each_text(p_values) v where p.id = v.key::uuid
$$;
comment on function private.keep_readings(jsonb) is 'Newest reading of each parameter, numbers by parameter id, checked by the caller.';

create function private.are_readings(p_machine_id uuid, p_values jsonb) returns boolean
language sql stable set search_path = ''
as $$
  select case when jsonb_typeof(p_values) = 'object' then not exists (
    select 1 from jsonb_each(p_values) v
    where jsonb_typeof(v.value) <> 'number' or not exists (
      select 1 from public.machine_parameters p where p.machine_id = p_machine_id and p.parameter_id::text = v.key))
  else false end
$$;
comment on function private.are_readings(uuid, jsonb) is 'True for an object of numbers by the ids of this machine''s parameters.';

create function public.record_samples(p_run_id uuid, p_fence_token bigint, p_samples jsonb) returns jsonb
language plpgsql security definer set search_path = ''
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
comment on function public.record_samples(uuid, bigint, jsonb) is
  'Records telemetry of a run, each reading once, and shows the newest ones on the state row. Caller: controller. '
  '404 run_not_found, 409 fence_stale, 422 sample_invalid.';

create function public.record_readings(p_machine_id uuid, p_fence_token bigint, p_values jsonb) returns jsonb
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.holds_lease(p_machine_id, p_fence_token) then
    return private.refuse_fence('The reading');
  end if;
  if not coalesce(private.are_readings(p_machine_id, p_values), false) then
    return private.refuse(422, 'sample_invalid', 'No reading was kept: a value is not a number, or its parameter is not one of this machine.', 'Send numbers keyed by parameter id.');
  end if;
  perform private.keep_readings(p_values);
  return jsonb_build_object('ok', true);
end
$$;
comment on function public.record_readings(uuid, bigint, jsonb) is
  'What a machine reads between runs, for whoever is about to start one; only the newest is kept. Caller: controller. '
  '409 fence_stale, 422 sample_invalid.';

create function public.end_process(
  p_run_id uuid, p_fence_token bigint, p_outcome text, p_error_message text default null, p_last_steps jsonb default null
) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$
declare
  v_run public.process_executions;
  v_answer jsonb;
  v_command public.machine_commands;
  v_end_reason text := p_outcome;
begin
  perform private.require_repeatable_read();
  if p_outcome is null or p_outcome not in ('completed', 'aborted', 'failed', 'interrupted') then
    return private.refuse(422, 'outcome_unknown', format('The run was not ended: "%s" is not an outcome.', p_outcome),
      'Use completed, aborted, failed or interrupted.');
  end if;
  if p_outcome = 'interrupted' then
    p_outcome := 'failed';
    v_end_reason := 'interrupted';
  end if;
  select * into v_run from public.process_executions r where r.id = p_run_id;
  if v_run.id is null then
    return private.refuse(404, 'run_not_found', 'The run was not ended: there is no such run.', null);
  end if;
  if not private.holds_lease(v_run.machine_id, p_fence_token) then
    return private.refuse_fence('The end of the run');
  end if;
  perform 1 from public.machine_commands c where c.run_id = p_run_id and c.settled_at is null order by c.id for no key update;
  perform 1 from public.machines m where m.id = v_run.machine_id for no key update;
  select * into v_run from public.process_executions r where r.id = p_run_id for no key update;
  if v_run.status::text = p_outcome then
    return jsonb_build_object('ok', true, 'run', to_jsonb(v_run));
  end if;
  if v_run.status not in ('preparing', 'running', 'paused') then
    return private.refuse(409, 'run_ended', format('The run was not ended: it already has (%s).', v_run.status), 'Leave it.');
  end if;
  if p_last_steps is not null and jsonb_array_length(p_last_steps) > 0 then
    v_answer := private.report_steps(p_run_id, p_fence_token, p_last_steps);
    if not (v_answer ->> 'ok')::boolean then
      return v_answer;
    end if;
  end if;
  for v_command in select * from public.machine_commands c where c.run_id = p_run_id and c.settled_at is null loop
    if v_command.kind = 'stop' and p_outcome = 'aborted' then
      update public.machine_commands c set accepted_at = coalesce(c.accepted_at, clock_timestamp()),
        executing_at = coalesce(c.executing_at, clock_timestamp()) where c.id = v_command.id;
      perform private.settle_command(v_command.id, 'succeeded');
    elsif v_command.kind = 'stop' then
      perform private.settle_command(v_command.id, 'superseded', format('The run was %s before the stop took effect.', p_outcome));
    else
      perform private.settle_command(v_command.id, 'failed', coalesce(p_error_message, 'The run ended before its first step.'));
    end if;
  end loop;
  if p_outcome = 'failed' then
    perform private.move_machine(v_run.machine_id, 'error', null, true, coalesce(p_error_message, 'The run failed.'));
  else
    perform private.move_machine(v_run.machine_id, 'idle', null);
  end if;
  perform private.end_run(p_run_id, p_outcome::public.process_status, v_end_reason, p_error_message);
  update public.process_executions r set deviation_count = (
    select count(*) from public.step_execution_history h where h.process_id = p_run_id and h.is_deviation)
  where r.id = p_run_id and p_outcome <> 'completed';
  update public.process_execution_state s set progress = s.progress || jsonb_build_object(
    'completed_steps', (select count(*) from public.step_execution_history h where h.process_id = p_run_id and h.end_reason in ('next', 'completed')))
    || case when p_outcome = 'completed' then jsonb_build_object('completed_cycles', r.total_cycles, 'planned_elapsed_ms', r.planned_ms) else '{}'::jsonb end
  from public.process_executions r where r.id = p_run_id and s.execution_id = p_run_id;
  return jsonb_build_object('ok', true, 'run', (select to_jsonb(r) from public.process_executions r where r.id = p_run_id));
end
$$;
comment on function public.end_process(uuid, bigint, text, text, jsonb) is
  'Ends a run: closes the open step, frees the machine (error when it failed), settles its commands. Ending it twice the same way is harmless. '
  'interrupted is a failure whose controller lost its place; the end reason says so. '
  'Caller: controller. 404 run_not_found, 409 fence_stale, run_ended, step_gap, 422 outcome_unknown, step_invalid.';

revoke execute on all functions in schema private from public;
do $$
declare
  f text;
begin
  foreach f in array array[
    'claim_machine(uuid, text, text, boolean, integer)', 'renew_lease(uuid, bigint, integer)', 'release_machine(uuid, bigint)',
    'accept_command(uuid, bigint)', 'advance_command(uuid, bigint, text, text)', 'record_step(uuid, bigint, jsonb)',
    'record_samples(uuid, bigint, jsonb)', 'record_readings(uuid, bigint, jsonb)',
    'end_process(uuid, bigint, text, text, jsonb)'
  ] loop
    execute 'revoke execute on function public.' || f || ' from public, anon, authenticated';
    execute 'grant execute on function public.' || f || ' to service_role';
  end loop;
end
$$;

/* rollback
drop function if exists public.end_process(uuid, bigint, text, text, jsonb), public.record_readings(uuid, bigint, jsonb),
  public.record_samples(uuid, bigint, jsonb),
  public.record_step(uuid, bigint, jsonb), public.advance_command(uuid, bigint, text, text), public.accept_command(uuid, bigint),
  public.release_machine(uuid, bigint), public.renew_lease(uuid, bigint, integer),
  public.claim_machine(uuid, text, text, boolean, integer);
drop function if exists private.keep_readings(jsonb), private.are_readings(uuid, jsonb), private.report_steps(uuid, bigint, jsonb), private.write_steps(public.process_executions, jsonb),
  private.fill_measured(uuid, jsonb), private.lock_parameters(jsonb), private.step_fault(jsonb), private.is_whole(jsonb), private.is_id(text), private.controller_returned(uuid, uuid), private.refuse_fence(text), private.holds_lease(uuid, bigint);
rollback */
