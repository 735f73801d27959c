-- What a person may ask of a machine: start, stop, clear, reconcile. Every ask is a row of machine_commands, refused
-- or not, claimed first by its key, so that sending it again answers with what became of it. Only what a person goes on
-- asking after 60 refusals within a minute leaves no row.
-- Called by: authenticated people over HTTP, with their own token. Refusals are values; the transaction commits.

create function private.command_answer(p_command_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v public.machine_commands;
begin
  select * into v from public.machine_commands where id = p_command_id;
  if v.status = 'rejected' then
    return private.refuse(v.refusal_status, v.refusal_code, v.refusal, v.refusal_hint,
      jsonb_build_object('command_id', v.id));
  end if;
  return jsonb_build_object('ok', true, 'command', to_jsonb(v), 'run_id', v.run_id);
end
$$;
comment on function private.command_answer(uuid) is 'What a command came to, in the form its first caller was answered.';

create function private.reject_command(
  p_command_id uuid, p_status integer, p_code text, p_message text, p_hint text
) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v public.machine_commands;
begin
  update public.machine_commands
  set status = 'rejected', settled_at = clock_timestamp(), refusal_code = p_code, refusal = p_message,
    refusal_hint = p_hint, refusal_status = p_status
  where id = p_command_id returning * into v;
  perform private.audit('command_rejected', v.machine_id, v.run_id, v.id, null,
    jsonb_build_object('kind', v.kind, 'code', p_code), p_message);
  return private.command_answer(p_command_id);
end
$$;
comment on function private.reject_command(uuid, integer, text, text, text) is 'Refuses a claimed command, on record.';

create function private.is_refused_often(p_machine_id uuid, p_kind text) returns boolean
language sql stable security definer set search_path = ''
as $$
  select count(*) >= 60 from public.machine_commands c
  where c.requested_by = (select auth.uid()) and c.machine_id = p_machine_id and c.kind = p_kind and c.status = 'rejected'
    and c.requested_at > clock_timestamp() - interval '1 minute'
$$;
comment on function private.is_refused_often(uuid, text) is
  'Was the caller refused 60 such requests to this machine within a minute: further ones are refused unwritten, so that a flood leaves few rows.';

create function private.may_stop(p_machine_id uuid, p_run_id text) returns boolean
language sql stable security definer set search_path = ''
as $$
  select private.may_command(p_machine_id) and exists (
    select 1 from public.machines m
    where m.id = p_machine_id and m.current_process_id is not null and coalesce(p_run_id, m.current_process_id::text) = m.current_process_id::text)
$$;
comment on function private.may_stop(uuid, text) is 'Has the caller something to stop here: such a stop is judged, whatever was refused before it.';

create function private.claim_command(
  p_command_id uuid, p_machine_id uuid, p_kind text, p_payload jsonb, p_mode text, p_recipe_id uuid,
  p_expected_version bigint, p_reason text, out is_new boolean, out answer jsonb
)
language plpgsql security definer set search_path = ''
as $$
declare
  v public.machine_commands;
begin
  is_new := false;
  if (select auth.uid()) is null or private.person_role() is null then
    answer := private.refuse(403, 'not_signed_in', 'Nothing was asked of the machine: you have no active profile.',
      'Sign in again, or ask an administrator for access.');
    return;
  end if;
  if p_command_id is null then
    answer := private.refuse(422, 'command_id_missing', 'Nothing was asked of the machine: the request has no command id.', 'Reload the page and try again.');
    return;
  end if;
  if not exists (select 1 from public.machines m where m.id = p_machine_id) then
    answer := private.refuse(404, 'machine_not_found', 'Nothing was asked: there is no such machine.', 'Go back to the fleet and choose a machine.');
    return;
  end if;
  if private.is_refused_often(p_machine_id, p_kind)
    and not (p_kind = 'stop' and private.may_stop(p_machine_id, p_payload ->> 'run_id'))
    and not exists (select 1 from public.machine_commands c where c.id = p_command_id)
  then
    answer := private.refuse(429, 'too_many_refusals',
      'Nothing was asked of the machine: 60 requests like this one were refused within a minute.',
      'See in the machine''s commands why; wait a minute, then ask again.');
    return;
  end if;
  insert into public.machine_commands
    (id, machine_id, kind, mode, recipe_id, expected_version, reason, payload, requested_by)
  values (p_command_id, p_machine_id, p_kind, p_mode,
    (select r.id from public.recipes r where r.id = p_recipe_id),
    p_expected_version, p_reason, p_payload, (select auth.uid()))
  on conflict (id) do nothing;
  is_new := found;
  if is_new then
    perform private.audit('command_requested', p_machine_id, null, p_command_id, null,
      jsonb_build_object('kind', p_kind) || p_payload, p_reason);
    if not private.may_command(p_machine_id) then
      is_new := false;
      answer := private.reject_command(p_command_id, 403, 'not_allowed',
        format('Nothing was asked of the machine: the role %s may not command it, or it is not assigned to you.', private.person_role()),
        'Ask an operator of this machine, or an administrator for an assignment.');
    end if;
    return;
  end if;
  select * into v from public.machine_commands where id = p_command_id;
  if v.requested_by is distinct from (select auth.uid()) or v.machine_id <> p_machine_id
    or v.kind <> p_kind or v.payload <> p_payload
  then
    answer := private.refuse(422, 'command_id_reused',
      'Nothing was asked of the machine: this command id was already used for another request.', 'Reload the page and try again.');
  else
    answer := private.command_answer(p_command_id);
  end if;
end
$$;
comment on function private.claim_command(uuid, uuid, text, jsonb, text, uuid, bigint, text) is
  'Claims the key of a command first; a second call with the same key and content is given the first one''s answer.';

create function private.wanted_values(p_machine_id uuid, p_program jsonb) returns table (name text, value double precision)
language sql stable set search_path = ''
as $$
  select p.name, (p_program #>> '{recipe,chamber_temperature_set_point}')::double precision
  from public.machine_parameters p where p.machine_id = p_machine_id and p.name = 'chamber_temperature'
  union
  select s ->> 'parameter_name', (s ->> 'target_value')::double precision
  from jsonb_path_query(p_program, 'strict $.steps.** ? (@.type == "parameter")') s
$$;
comment on function private.wanted_values(uuid, jsonb) is
  'Every set-point a program asks for, by parameter name; the temperature of its head only where the machine has one.';

create function private.permissives(p_machine public.machines, p_program jsonb) returns table (
  key text, name text, is_met boolean, value double precision, unit text, minimum double precision, maximum double precision,
  read_at timestamptz, reason text, hint text
)
language sql stable set search_path = ''
as $$
  select 'service', 'In service', p_machine.is_active, null::double precision, null, null::double precision, null::double precision,
    p_machine.updated_at, case when not p_machine.is_active then p_machine.name || ' is out of service' end,
    'Wait until it is back in service.'
  union all
  select 'idle', 'Idle', p_machine.status = 'idle', null, null, null, null, s.state_since,
    case when p_machine.status <> 'idle' then p_machine.name || ' is ' || p_machine.status || ', not idle' end,
    case p_machine.status
      when 'error' then 'Clear the error with a reason, then start.'
      when 'unknown' then 'Reconcile the run, then start.'
      else 'Wait until it is idle, or stop the current run first.' end
  from (select 1) one left join public.machine_state s on s.machine_id = p_machine.id
  union all
  select 'controller', 'Controller', l.is_held, null, null, null, null, l.renewed_at,
    case when not l.is_held then 'no controller holds ' || p_machine.name end,
    'Start the controller of this machine, or ask who looks after it.'
  from (
    select max(x.renewed_at) as renewed_at, coalesce(bool_or(x.expires_at > clock_timestamp()), false) as is_held
    from public.machine_leases x where x.machine_id = p_machine.id
  ) l
  union all
  select 'machine_type', 'Recipe for this machine', t.fits, null, null, null, null, null,
    case when not t.fits then format('the recipe is for %s, %s is %s', p_program #>> '{recipe,machine_type}', p_machine.name, p_machine.machine_type) end,
    'Choose a recipe for this type of machine.'
  from (select p_program #>> '{recipe,machine_type}' = p_machine.machine_type as fits) t
  union all
  select 'set_point', w.name, coalesce(w.value between p.min_value and p.max_value, false), w.value, p.unit, p.min_value, p.max_value, null,
    case when p.name is null then format('%s has no parameter %s', p_machine.name, w.name)
      when w.value not between p.min_value and p.max_value then
        format('the recipe wants %s %s for %s, allowed is %s to %s', w.value, p.unit, w.name, p.min_value, p.max_value) end,
    'Choose another recipe, or have this one corrected.'
  from private.wanted_values(p_machine.id, p_program) w
  left join public.machine_parameters p on p.machine_id = p_machine.id and p.name = w.name
  union all
  select 'reading', p.name,
    case when p.read_at > clock_timestamp() - interval '30 seconds' then p.current_value between p.min_value and p.max_value end,
    p.current_value, p.unit, p.min_value, p.max_value, p.read_at,
    case when p.read_at > clock_timestamp() - interval '30 seconds' and p.current_value not between p.min_value and p.max_value then
      format('%s reads %s %s, allowed is %s to %s', p.name, p.current_value, p.unit, p.min_value, p.max_value) end,
    'Bring the value back within its limits, then start.'
  from public.machine_parameters p where p.machine_id = p_machine.id
$$;
comment on function private.permissives(public.machines, jsonb) is
  'What must hold before a start, each with its live value and limits. is_met is null where nobody knows: a reading older than 30 s.';

create function public.start_process(
  p_command_id uuid, p_machine_id uuid, p_recipe_id uuid, p_expected_version bigint default null,
  p_parameters jsonb default '{}'::jsonb, p_description text default null
) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$
declare
  v_claim record;
  v_machine public.machines;
  v_lease public.machine_leases;
  v_program jsonb;
  v_unmet record;
  v_session uuid;
  v_run uuid;
begin
  perform private.require_repeatable_read();
  select * into v_claim from private.claim_command(p_command_id, p_machine_id, 'start',
    jsonb_build_object('recipe_id', p_recipe_id, 'parameters', coalesce(p_parameters, '{}'::jsonb), 'description', p_description),
    null, p_recipe_id, p_expected_version, p_description);
  if not v_claim.is_new then
    return v_claim.answer;
  end if;
  select * into v_machine from public.machines m where m.id = p_machine_id for no key update;
  if p_expected_version is not null and v_machine.version <> p_expected_version then
    return private.reject_command(p_command_id, 412, 'stale_version',
      format('The run was not started: %s changed since you looked; it is now %s.', v_machine.name, v_machine.status),
      'Look at the machine as it is now, then start again.');
  end if;
  if not v_machine.is_active or v_machine.status <> 'idle' then
    return private.reject_command(p_command_id, 409, 'machine_not_idle',
      format('The run was not started: %s is %s, not idle.', v_machine.name,
        case when v_machine.is_active then v_machine.status else 'out of service' end),
      case v_machine.status
        when 'error' then 'Clear the error with a reason, then start.'
        when 'unknown' then 'Reconcile the run, then start.'
        else 'Wait until it is idle, or stop the current run first.' end);
  end if;
  select * into v_lease from public.machine_leases l where l.machine_id = p_machine_id and l.expires_at > clock_timestamp();
  if not found then
    return private.reject_command(p_command_id, 423, 'no_controller',
      format('The run was not started: no controller holds %s.', v_machine.name),
      'Start the controller of this machine, or ask who looks after it.');
  end if;
  if not exists (select 1 from public.recipes r where r.id = p_recipe_id) then
    return private.reject_command(p_command_id, 404, 'recipe_not_found', 'The run was not started: there is no such recipe.', 'Choose another recipe.');
  end if;
  if (select count(*) from public.machine_commands c
      where c.requested_by = (select auth.uid()) and c.machine_id = p_machine_id and c.kind = 'start'
        and c.status <> 'rejected' and c.requested_at > clock_timestamp() - interval '1 minute') > 12 then
    return private.reject_command(p_command_id, 429, 'too_many_starts',
      'The run was not started: you started 12 runs on this machine within a minute.', 'Wait a minute, then start again.');
  end if;
  begin
    v_program := private.program_of(p_recipe_id);
  exception when sqlstate 'PT422' then
    return private.reject_command(p_command_id, 422, 'program_invalid',
      'The run was not started: the recipe cannot be played: ' || sqlerrm || '.', 'Mend the recipe at the named place, then start again.');
  end;
  if v_program #>> '{recipe,machine_type}' <> v_machine.machine_type then
    return private.reject_command(p_command_id, 422, 'recipe_not_for_machine',
      format('The run was not started: the recipe is for %s, %s is %s.', v_program #>> '{recipe,machine_type}', v_machine.name, v_machine.machine_type),
      'Choose a recipe for this type of machine.');
  end if;
  select * into v_unmet from private.permissives(v_machine, v_program) p where not p.is_met limit 1;
  if found then
    return private.reject_command(p_command_id, case v_unmet.key when 'set_point' then 422 else 409 end,
      case v_unmet.key when 'set_point' then 'set_point_out_of_limits' else 'reading_out_of_limits' end,
      format('The run was not started: %s.', v_unmet.reason), v_unmet.hint);
  end if;

  insert into public.operator_sessions (operator_id, machine_id) values ((select auth.uid()), p_machine_id) returning id into v_session;
  insert into public.process_executions
    (session_id, machine_id, recipe_id, recipe_version, start_time, operator_id, status, parameters, description,
     total_steps, total_cycles, planned_ms)
  values (v_session, p_machine_id, p_recipe_id, v_program, clock_timestamp(), (select auth.uid()), 'preparing',
    jsonb_build_object('speed', 1) || coalesce(p_parameters, '{}'::jsonb)
      || jsonb_build_object('driver', v_lease.driver, 'is_simulated', v_lease.is_simulated),
    p_description, (v_program #>> '{totals,steps}')::integer, (v_program #>> '{totals,cycles}')::integer,
    (v_program #>> '{totals,planned_ms}')::bigint)
  returning id into v_run;
  update public.operator_sessions set process_execution_id = v_run where id = v_session;
  insert into public.process_execution_state (execution_id, total_overall_steps, progress)
  values (v_run, (v_program #>> '{totals,steps}')::integer, jsonb_build_object(
    'total_steps', v_program #> '{totals,steps}', 'completed_steps', 0,
    'total_cycles', v_program #> '{totals,cycles}', 'completed_cycles', 0, 'planned_elapsed_ms', 0));
  -- Telemetry is recorded beside the set-point in force: from now on the recipe's.
  update public.component_parameters p
  set set_value = (v_program #>> '{recipe,chamber_temperature_set_point}')::double precision, updated_at = clock_timestamp()
  from public.machine_components c, public.component_parameter_definitions d
  where c.id = p.component_id and c.machine_id = p_machine_id and d.id = p.definition_id and d.name = 'chamber_temperature';
  update public.machine_commands set run_id = v_run where id = p_command_id;
  perform private.move_machine(p_machine_id, 'processing', v_run);
  return private.command_answer(p_command_id);
end
$$;
comment on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text) is
  'Asks for a run: freezes the recipe and moves the machine to processing. Caller: operator of the machine. '
  '403 not_signed_in, not_allowed, 404 machine_not_found, recipe_not_found, 409 machine_not_idle, reading_out_of_limits, '
  '412 stale_version, 422 command_id_missing, command_id_reused, program_invalid, recipe_not_for_machine, '
  'set_point_out_of_limits, 423 no_controller, 429 too_many_starts, too_many_refusals.';

create function public.request_stop(
  p_command_id uuid, p_machine_id uuid, p_run_id uuid default null, p_mode text default 'now', p_reason text default null
) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$
declare
  v_claim record;
  v_machine public.machines;
  v_start public.machine_commands;
begin
  perform private.require_repeatable_read();
  if p_mode is null or p_mode not in ('now', 'end_of_cycle') then
    return private.refuse(422, 'mode_unknown', format('The stop was not sent: "%s" is not a way to stop.', p_mode), 'Use now or end_of_cycle.');
  end if;
  select * into v_claim from private.claim_command(p_command_id, p_machine_id, 'stop',
    jsonb_build_object('run_id', p_run_id, 'mode', p_mode), p_mode, null, null, p_reason);
  if not v_claim.is_new then
    return v_claim.answer;
  end if;
  -- A start nobody has taken yet is cancelled: its row is locked before the machine, as everywhere.
  select * into v_start from public.machine_commands c
  where c.machine_id = p_machine_id and c.kind = 'start' and c.settled_at is null and c.run_id is not null
  for no key update;
  select * into v_machine from public.machines m where m.id = p_machine_id for no key update;
  if v_machine.current_process_id is null or v_machine.status not in ('processing', 'stopping', 'unknown') then
    return private.reject_command(p_command_id, 409, 'nothing_to_stop',
      format('Nothing was stopped: %s is %s and has no run.', v_machine.name, v_machine.status), 'Look at the machine as it is now.');
  end if;
  if p_run_id is not null and p_run_id <> v_machine.current_process_id then
    return private.reject_command(p_command_id, 409, 'run_not_current',
      format('Nothing was stopped: the run you were looking at has ended; %s now plays another one.', v_machine.name),
      'Look at the machine as it is now; stop the current run if that is meant.');
  end if;
  update public.machine_commands set run_id = v_machine.current_process_id where id = p_command_id;
  if v_start.status = 'requested' and v_start.run_id = v_machine.current_process_id then
    perform private.settle_command(v_start.id, 'superseded', 'Stopped before a controller took it.');
    perform private.move_machine(p_machine_id, 'idle', null);
    perform private.end_run(v_start.run_id, 'aborted', 'aborted', 'Stopped before a controller took the start.');
    perform private.settle_command(p_command_id, 'succeeded');
  elsif v_machine.status = 'processing' then
    perform private.move_machine(p_machine_id, 'stopping', v_machine.current_process_id);
  end if;
  return private.command_answer(p_command_id);
end
$$;
comment on function public.request_stop(uuid, uuid, uuid, text, text) is
  'Asks for the end of the current run. Caller: operator of the machine; never blocked by what blocks a start. '
  '403 not_signed_in, not_allowed, 404 machine_not_found, 409 nothing_to_stop, run_not_current, 422 command_id_missing, '
  'command_id_reused, mode_unknown, 429 too_many_refusals (only where there is nothing that the caller could stop).';

create function private.is_reason(p_reason text) returns boolean
language sql immutable set search_path = ''
as $$ select length(btrim(coalesce(p_reason, ''))) between 3 and 500 $$;
comment on function private.is_reason(text) is 'A reason has 3 to 500 characters.';

create function public.clear_machine(p_command_id uuid, p_machine_id uuid, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$
declare
  v_claim record;
  v_machine public.machines;
begin
  perform private.require_repeatable_read();
  select * into v_claim from private.claim_command(p_command_id, p_machine_id, 'clear',
    jsonb_build_object('reason', p_reason), null, null, null, p_reason);
  if not v_claim.is_new then
    return v_claim.answer;
  end if;
  if not private.is_reason(p_reason) then
    return private.reject_command(p_command_id, 422, 'reason_missing', 'The machine was not cleared: a reason of 3 to 500 characters is needed.',
      'Say what was found and done.');
  end if;
  select * into v_machine from public.machines m where m.id = p_machine_id for no key update;
  if v_machine.status <> 'error' then
    return private.reject_command(p_command_id, 409, 'not_in_error',
      format('The machine was not cleared: %s is %s, not in error.', v_machine.name, v_machine.status), 'Look at the machine as it is now.');
  end if;
  perform private.move_machine(p_machine_id, 'idle', null);
  perform private.settle_command(p_command_id, 'succeeded');
  return private.command_answer(p_command_id);
end
$$;
comment on function public.clear_machine(uuid, uuid, text) is
  'Leaves error, by a person with a reason. 403 not_signed_in, not_allowed, 404 machine_not_found, 409 not_in_error, '
  '422 command_id_missing, command_id_reused, reason_missing, 429 too_many_refusals.';

create function public.reconcile_run(p_command_id uuid, p_run_id uuid, p_outcome text, p_reason text) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
as $$
declare
  v_claim record;
  v_machine public.machines;
  v_command uuid;
begin
  perform private.require_repeatable_read();
  select * into v_claim from private.claim_command(p_command_id,
    (select r.machine_id from public.process_executions r where r.id = p_run_id), 'reconcile',
    jsonb_build_object('run_id', p_run_id, 'outcome', p_outcome, 'reason', p_reason), null, null, null, p_reason);
  if not v_claim.is_new then
    return v_claim.answer;
  end if;
  if not private.is_reason(p_reason) then
    return private.reject_command(p_command_id, 422, 'reason_missing', 'The run was not reconciled: a reason of 3 to 500 characters is needed.',
      'Say what was found at the machine.');
  end if;
  if p_outcome is null or p_outcome not in ('aborted', 'failed') then
    return private.reject_command(p_command_id, 422, 'outcome_unknown', format('The run was not reconciled: "%s" is not an outcome.', p_outcome),
      'Use aborted or failed.');
  end if;
  for v_command in
    select c.id from public.machine_commands c where c.run_id = p_run_id and c.settled_at is null order by c.id for no key update
  loop
    null;
  end loop;
  select m.* into v_machine from public.machines m
  join public.process_executions r on r.machine_id = m.id where r.id = p_run_id for no key update of m;
  if v_machine.status <> 'unknown' or v_machine.current_process_id is distinct from p_run_id then
    return private.reject_command(p_command_id, 409, 'not_unknown',
      format('The run was not reconciled: %s is %s, or plays another run.', v_machine.name, v_machine.status), 'Look at the machine as it is now.');
  end if;
  update public.machine_commands set run_id = p_run_id where id = p_command_id;
  perform private.move_machine(v_machine.id, 'idle', null);
  perform private.end_run(p_run_id, p_outcome::public.process_status, 'interrupted', p_reason);
  update public.machine_commands set status = 'failed', settled_at = clock_timestamp(),
    refusal = 'The controller was lost; a person reconciled the run.'
  where run_id = p_run_id and settled_at is null and id <> p_command_id;
  perform private.settle_command(p_command_id, 'succeeded');
  return private.command_answer(p_command_id);
end
$$;
comment on function public.reconcile_run(uuid, uuid, text, text) is
  'Leaves unknown: ends the run of a lost controller, by a person with a reason. 403 not_signed_in, not_allowed, '
  '404 machine_not_found, 409 not_unknown, 422 command_id_missing, command_id_reused, reason_missing, outcome_unknown, '
  '429 too_many_refusals.';

revoke execute on all functions in schema private from public;
grant execute on function private.permissives(public.machines, jsonb), private.wanted_values(uuid, jsonb) to authenticated, service_role;
revoke execute on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text),
  public.request_stop(uuid, uuid, uuid, text, text), public.clear_machine(uuid, uuid, text),
  public.reconcile_run(uuid, uuid, text, text) from public, anon, service_role;
grant execute on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text),
  public.request_stop(uuid, uuid, uuid, text, text), public.clear_machine(uuid, uuid, text),
  public.reconcile_run(uuid, uuid, text, text) to authenticated;

/* rollback
drop function if exists public.reconcile_run(uuid, uuid, text, text), public.clear_machine(uuid, uuid, text),
  public.request_stop(uuid, uuid, uuid, text, text), public.start_process(uuid, uuid, uuid, bigint, jsonb, text);
drop function if exists private.permissives(public.machines, jsonb), private.wanted_values(uuid, jsonb), private.is_reason(text),
  private.claim_command(uuid, uuid, text, jsonb, text, uuid, bigint, text),
  private.may_stop(uuid, text), private.is_refused_often(uuid, text),
  private.reject_command(uuid, integer, text, text, text), private.command_answer(uuid);
rollback */
