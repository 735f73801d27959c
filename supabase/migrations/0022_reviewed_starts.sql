-- What a person prepares a start with: the recipes to choose from, and a tag of the program that was reviewed, which the
-- start carries and is refused by when the recipe has changed since. A start without a tag, as older pages send, is
-- judged as before. And what a start asks of the run is refused where nobody could read it afterwards.
-- Written by: nobody new; start_process and start_review are replaced.

create function private.run_parameters_fault(p_parameters jsonb) returns text
language sql immutable set search_path = ''
as $$
  select case
    when jsonb_typeof(p_parameters) <> 'object' then 'they are no object'
    when p_parameters ? 'speed' and jsonb_typeof(p_parameters -> 'speed') <> 'number' then 'speed is no number'
    when (p_parameters ->> 'speed')::numeric not between 0.001 and 100000 then 'speed is not between 0.001 and 100 000'
    when p_parameters ? 'driver' and jsonb_typeof(p_parameters -> 'driver') not in ('string', 'null') then 'driver is no text'
    when p_parameters ? 'is_simulated' and jsonb_typeof(p_parameters -> 'is_simulated') not in ('boolean', 'null') then 'is_simulated is neither true nor false'
    when pg_catalog.pg_column_size(p_parameters) > 61440 then 'they are larger than 60 KB'
  end
$$;
comment on function private.run_parameters_fault(jsonb) is 'Why the parameters of a run could not be read by whoever plays or shows it; null when they can.';
-- A controller of the old way inserts and updates runs itself, and a check is judged with its rights.
revoke execute on function private.run_parameters_fault(jsonb) from public;
grant execute on function private.run_parameters_fault(jsonb) to service_role;

-- What was recorded before keeps its text, under a name that nobody reads.
update public.process_executions r set parameters = jsonb_build_object('speed', 1, 'unreadable', r.parameters)
where private.run_parameters_fault(r.parameters) is not null;
alter table public.process_executions add constraint process_executions_parameters_are_readable
  check (private.run_parameters_fault(parameters) is null) not valid;
alter table public.process_executions validate constraint process_executions_parameters_are_readable;

create function private.program_tag(p_program jsonb) returns text
language sql immutable strict set search_path = ''
as $$ select 'v' || (p_program #>> '{recipe,version}') || '-' || md5(p_program::text) $$;
comment on function private.program_tag(jsonb) is
  'Names a program by its version and content: what would be frozen is the same exactly when its tag is.';

create function private.program_moved(p_was text, p_is text) returns text
language sql immutable set search_path = ''
as $$
  select case
    when was is null then 'it is now ' || now
    when was = now then 'it is still ' || now || ', with other steps or settings'
    else 'it was ' || was || ' and is now ' || now end
  from (
    select 'version ' || substring(p_was from '^v(\d{1,9})-') as was, 'version ' || substring(p_is from '^v(\d+)-') as now
  ) versions
$$;
comment on function private.program_moved(text, text) is 'What became of a recipe between two tags of its program, in words.';

create function public.recipe_choices(p_machine_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  with recursive fitting as (
    select r.id, r.name, r.version, r.description
    from public.machines m join public.recipes r on r.machine_type = m.machine_type where m.id = p_machine_id
  ), walk as (
    select f.id as recipe_id, s.id, s.type, 1::numeric as times
    from fitting f join public.recipe_steps s on s.recipe_id = f.id and s.parent_step_id is null
    union all
    select w.recipe_id, c.id, c.type, w.times * l.iteration_count
    from walk w join public.loop_step_config l on l.step_id = w.id
    join public.recipe_steps c on c.parent_step_id = w.id and c.recipe_id = w.recipe_id
    where w.type = 'loop'
  ), step as (
    select w.recipe_id, w.times * coalesce(v.duration_ms, p.duration_ms, t.duration_ms, c.hold_duration_ms) as planned_ms,
      case w.type
        when 'valve' then v.id when 'purge' then p.id when 'wait' then t.id when 'parameter' then c.id
        when 'loop' then (select l.id from public.loop_step_config l
          where l.step_id = w.id and exists (select 1 from public.recipe_steps k where k.parent_step_id = w.id))
      end is not null as is_whole
    from walk w
    left join public.valve_step_config v on v.step_id = w.id
    left join public.purge_step_config p on p.step_id = w.id
    left join public.wait_step_config t on t.step_id = w.id
    left join public.parameter_step_config c on c.step_id = w.id
  ), planned as (
    select recipe_id, case when bool_and(is_whole) then sum(planned_ms) end as planned_ms from step group by recipe_id
  ), used as (
    select x.recipe_id, max(x.start_time) as last_used_at from public.process_executions x where x.machine_id = p_machine_id group by x.recipe_id
  )
  select coalesce(jsonb_agg(to_jsonb(f) || jsonb_build_object('planned_ms', n.planned_ms, 'last_used_at', u.last_used_at)
    order by u.last_used_at desc nulls last, f.name, f.version desc, f.id), '[]'::jsonb)
  from fitting f left join planned n on n.recipe_id = f.id left join used u on u.recipe_id = f.id
$$;
comment on function public.recipe_choices(uuid) is
  'Recipes for this machine''s type, those it ran last first: name, version, planned ms (null when the recipe is malformed), and '
  'when this machine last ran it.';

create or replace function public.start_review(p_machine_id uuid, p_recipe_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_machine public.machines;
  v_program jsonb;
begin
  select * into v_machine from public.machines m where m.id = p_machine_id;
  if v_machine.id is null or not exists (select 1 from public.recipes r where r.id = p_recipe_id) then
    return null;
  end if;
  v_program := private.program_of(p_recipe_id);
  return jsonb_build_object(
    'server_time', clock_timestamp(),
    'machine_version', v_machine.version,
    'program', v_program,
    'program_tag', private.program_tag(v_program),
    'permissives', (select jsonb_agg(to_jsonb(p)) from private.permissives(v_machine, v_program) p),
    'pace', public.recipe_pace(p_recipe_id),
    'last_good', (
      select to_jsonb(r) || jsonb_build_object('operator_name', (select o.full_name from public.profiles o where o.id = r.operator_id))
      from public.process_executions r
      where r.machine_id = p_machine_id and r.recipe_id = p_recipe_id and r.status = 'completed' and r.deviation_count = 0
      order by r.start_time desc limit 1));
end
$$;

drop function public.start_process(uuid, uuid, uuid, bigint, jsonb, text);
create function public.start_process(
  p_command_id uuid, p_machine_id uuid, p_recipe_id uuid, p_expected_version bigint default null,
  p_parameters jsonb default '{}'::jsonb, p_description text default null, p_expected_program text default null
) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
  set lock_timeout = '2s'
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
    jsonb_build_object('recipe_id', p_recipe_id, 'parameters', coalesce(p_parameters, '{}'::jsonb), 'description', p_description)
      || case when p_expected_program is null then '{}'::jsonb else jsonb_build_object('expected_program', left(p_expected_program, 100)) end,
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
  if length(p_description) > 4000 then
    return private.reject_command(p_command_id, 422, 'notes_too_long',
      'The run was not started: its notes are longer than 4 000 characters.', 'Shorten them, then start again.');
  end if;
  if private.run_parameters_fault(coalesce(p_parameters, '{}')) is not null then
    return private.reject_command(p_command_id, 422, 'parameters_invalid',
      format('The run was not started: its parameters cannot be read: %s.', private.run_parameters_fault(p_parameters)),
      'Start it without parameters, or correct them.');
  end if;
  begin
    v_program := private.program_of(p_recipe_id);
  exception when sqlstate 'PT422' then
    return private.reject_command(p_command_id, 422, 'program_invalid',
      'The run was not started: the recipe cannot be played: ' || sqlerrm || '.', 'Mend the recipe at the named place, then start again.');
  end;
  if p_expected_program <> private.program_tag(v_program) then
    return private.reject_command(p_command_id, 412, 'recipe_changed',
      format('The run was not started: %s changed since you looked; %s.', left(v_program #>> '{recipe,name}', 120),
        private.program_moved(p_expected_program, private.program_tag(v_program))),
      'Look at the recipe as it is now, then start again.');
  end if;
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
comment on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text, text) is
  'Asks for a run: freezes the recipe and moves the machine to processing. Caller: operator of the machine. '
  '403 not_signed_in, not_allowed, 404 machine_not_found, recipe_not_found, 409 machine_not_idle, reading_out_of_limits, '
  '412 stale_version, recipe_changed, 422 command_id_missing, command_id_reused, program_invalid, parameters_invalid, notes_too_long, '
  'recipe_not_for_machine, set_point_out_of_limits, 423 no_controller, 429 too_many_starts, too_many_refusals.';

grant execute on function private.program_tag(jsonb) to authenticated, service_role;
revoke execute on function public.recipe_choices(uuid) from public, anon;
grant execute on function public.recipe_choices(uuid) to authenticated, service_role;
revoke execute on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text, text) from public, anon, service_role;
grant execute on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text, text) to authenticated;
revoke execute on function private.program_moved(text, text) from public;
revoke execute on function private.program_tag(jsonb) from public;

/* rollback
drop function if exists public.start_process(uuid, uuid, uuid, bigint, jsonb, text, text);
-- What this file replaced, as 0011, 0013 and 0016 made it.
create or replace function public.start_process(
  p_command_id uuid, p_machine_id uuid, p_recipe_id uuid, p_expected_version bigint default null,
  p_parameters jsonb default '{}'::jsonb, p_description text default null
) returns jsonb
language plpgsql security definer set search_path = '' set default_transaction_isolation = 'repeatable read'
  set lock_timeout = '2s'
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
revoke execute on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text) from public, anon, service_role;
grant execute on function public.start_process(uuid, uuid, uuid, bigint, jsonb, text) to authenticated;
create or replace function public.start_review(p_machine_id uuid, p_recipe_id uuid) returns jsonb
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_machine public.machines;
  v_program jsonb;
begin
  select * into v_machine from public.machines m where m.id = p_machine_id;
  if v_machine.id is null or not exists (select 1 from public.recipes r where r.id = p_recipe_id) then
    return null;
  end if;
  v_program := private.program_of(p_recipe_id);
  return jsonb_build_object(
    'server_time', clock_timestamp(),
    'machine_version', v_machine.version,
    'program', v_program,
    'permissives', (select jsonb_agg(to_jsonb(p)) from private.permissives(v_machine, v_program) p),
    'pace', public.recipe_pace(p_recipe_id),
    'last_good', (
      select to_jsonb(r) || jsonb_build_object('operator_name', (select o.full_name from public.profiles o where o.id = r.operator_id))
      from public.process_executions r
      where r.machine_id = p_machine_id and r.recipe_id = p_recipe_id and r.status = 'completed' and r.deviation_count = 0
      order by r.start_time desc limit 1));
end
$$;
alter table public.process_executions drop constraint if exists process_executions_parameters_are_readable;
drop function if exists public.recipe_choices(uuid), private.program_moved(text, text), private.program_tag(jsonb),
  private.run_parameters_fault(jsonb);
rollback */
