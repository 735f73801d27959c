-- What a wrong, late, doubled or killed writer could still break: a run and its machine agree at every commit, whoever
-- writes; a run that has ended stays ended, at a time that fits its steps; a stop never runs out; a controller that fell
-- silent is noticed by the next command; a recipe too large to be numbered is refused; no call waits long for a lock.
-- Written by: nobody new. A controller that writes the tables one by one keeps working: its run comes first, as always.

-- Boundaries that the trigger of 0006 left equal, crossed or after the end: moved apart in the order of seq.
with ordered as (
  select h.id, h.process_id, h.seq, h.ended_at,
    max(h.started_at - h.seq * interval '1 microsecond') over (partition by h.process_id order by h.seq)
      + h.seq * interval '1 microsecond' as starts
  from public.step_execution_history h
), bounded as (
  select o.*, lead(o.starts) over (partition by o.process_id order by o.seq) as next_starts from ordered o
), wanted as (
  select b.id, b.starts, case
    when b.next_starts is not null then b.next_starts
    when r.status in ('completed', 'failed', 'aborted')
      then greatest(coalesce(b.ended_at, r.end_time, r.updated_at), b.starts + interval '1 microsecond')
  end as ends
  from bounded b join public.process_executions r on r.id = b.process_id
)
update public.step_execution_history h set started_at = w.starts, ended_at = w.ends
from wanted w
where w.id = h.id and (h.started_at, h.ended_at) is distinct from (w.starts, w.ends);
update public.process_executions r set end_time = greatest(coalesce(x.last_end, r.end_time, r.updated_at), r.start_time)
from public.process_executions o
left join lateral (
  select h.ended_at as last_end from public.step_execution_history h where h.process_id = o.id order by h.seq desc limit 1
) x on true
where o.id = r.id and r.status in ('completed', 'failed', 'aborted')
  and r.end_time is distinct from greatest(coalesce(x.last_end, r.end_time, r.updated_at), r.start_time);

create function private.process_executions_end() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_floor timestamptz;
begin
  if old.status in ('completed', 'failed', 'aborted') then
    if new.status is distinct from old.status then
      raise exception using errcode = 'PT409',
        message = format('The run was not changed: it has already ended (%s).', old.status),
        hint = 'Leave it; start another run.';
    end if;
    new.end_time := old.end_time;
  elsif new.status in ('completed', 'failed', 'aborted') then
    select greatest(h.started_at + interval '1 microsecond', h.ended_at) into v_floor
    from public.step_execution_history h where h.process_id = new.id order by h.seq desc limit 1;
    new.end_time := greatest(least(coalesce(new.end_time, clock_timestamp()), clock_timestamp()), v_floor, new.start_time);
  end if;
  return new;
end
$$;
comment on function private.process_executions_end() is
  'A run ends once, not in the future, and not before its last step began, whatever clock its writer has.';
create trigger t10_end before update on public.process_executions
  for each row execute function private.process_executions_end();

create or replace function private.move_machine(
  p_machine_id uuid, p_status text, p_process_id uuid,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines m set status = p_status, current_process_id = p_process_id
  where m.id = p_machine_id and (m.status, m.current_process_id) is distinct from (p_status, p_process_id);
  insert into public.machine_state as s
    (machine_id, current_state, process_id, is_failure_mode, failure_description)
  values (p_machine_id, p_status, p_process_id, p_is_failure_mode, p_failure_description)
  on conflict (machine_id) do update set
    current_state = excluded.current_state, process_id = excluded.process_id,
    is_failure_mode = excluded.is_failure_mode, failure_description = excluded.failure_description
  where (s.current_state, s.process_id, s.is_failure_mode, s.failure_description) is distinct from
    (excluded.current_state, excluded.process_id, excluded.is_failure_mode, excluded.failure_description);
end
$$;
comment on function private.move_machine(uuid, text, uuid, boolean, text) is
  'Moves both tables; the caller holds the lock on the machine. What is there already is not written again.';

create function private.machine_follows_run() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if new.status in ('preparing', 'running', 'paused') then
    perform private.move_machine(new.machine_id, 'processing', new.id);
    return null;
  end if;
  perform 1 from public.machines m where m.id = new.machine_id and m.current_process_id = new.id for no key update;
  if found then
    perform private.move_machine(new.machine_id, case new.status when 'failed' then 'error' else 'idle' end, null,
      new.status = 'failed', case new.status when 'failed' then 'Recipe execution error: ' || coalesce(new.error_message, 'no message') end);
  end if;
  return null;
end
$$;
comment on function private.machine_follows_run() is
  'A machine follows a run that is begun or ended by writing process_executions; the command functions have moved it before.';
create trigger t60_follow_begin after insert on public.process_executions
  for each row when (new.status in ('preparing', 'running', 'paused')) execute function private.machine_follows_run();
create trigger t61_follow_end after update on public.process_executions for each row
  when (new.status in ('completed', 'failed', 'aborted') and old.status is distinct from new.status)
  execute function private.machine_follows_run();

create function private.commands_follow_run() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machine_commands c
  set settled_at = clock_timestamp(), refusal = format('The run was %s by its controller.', new.status), status = case
    when c.kind = 'start' and new.last_seq > 0 then 'succeeded'
    when c.kind = 'start' then 'failed'
    when new.status = 'aborted' then 'succeeded'
    else 'superseded' end
  where c.run_id = new.id and c.settled_at is null;
  return null;
end
$$;
comment on function private.commands_follow_run() is
  'At commit: what was asked of a run that has ended, and is still open, gets its outcome.';
create constraint trigger t62_settle after update on public.process_executions
  deferrable initially deferred for each row
  when (new.status in ('completed', 'failed', 'aborted') and old.status is distinct from new.status)
  execute function private.commands_follow_run();

create function private.machine_agrees() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_machine public.machines;
  v_active uuid;
begin
  select * into v_machine from public.machines m where m.id = new.id;
  select r.id into v_active from public.process_executions r
  where r.machine_id = new.id and r.status in ('preparing', 'running', 'paused');
  if v_machine.id is not null and (
    v_machine.current_process_id is distinct from v_active
    or (v_machine.status in ('processing', 'stopping', 'unknown')) <> (v_active is not null))
  then
    raise exception using errcode = 'PT409',
      message = format('The machine was not moved: %s with run %s, but its active run is %s.', v_machine.status,
        coalesce(v_machine.current_process_id::text, 'none'), coalesce(v_active::text, 'none')),
      hint = 'End the run first, or begin one; the machine follows its run.';
  end if;
  return null;
end
$$;
comment on function private.machine_agrees() is
  'At commit: a machine is processing, stopping or unknown exactly while it has an active run, and names that run. PT409.';
create constraint trigger t70_agree after insert or update of status, current_process_id on public.machines
  deferrable initially deferred for each row execute function private.machine_agrees();


-- Once record_step has written of a run, its history is record_step's: a state row moved by somebody else adds nothing.
create or replace trigger trg_process_state_history
  after insert or update on public.process_execution_state
  for each row when (new.current_seq = 0) execute function public.fn_record_step_history();

create or replace function private.expire_commands(p_machine_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_command public.machine_commands;
begin
  for v_command in
    select * from public.machine_commands
    where machine_id = p_machine_id and kind = 'start' and status = 'requested' and settled_at is null
      and requested_at < clock_timestamp() - interval '30 seconds'
    for no key update skip locked
  loop
    perform private.settle_command(v_command.id, 'expired', 'No controller took the command within 30 s.');
    perform private.audit('command_expired', p_machine_id, v_command.run_id, v_command.id);
    perform 1 from public.machines where id = p_machine_id for no key update;
    update public.machines m set status = 'idle', current_process_id = null
    where m.id = p_machine_id and m.current_process_id = v_command.run_id;
    perform private.end_run(v_command.run_id, 'failed', 'failed', 'No controller took the start within 30 s.');
  end loop;
end
$$;
comment on function private.expire_commands(uuid) is
  'Expires starts that no controller took within 30 s: their run ends as failed, the machine is free. A stop never runs out.';

drop function private.lose_controllers();
create function private.lose_controllers(p_machine_id uuid default null) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_machine public.machines;
  v_lost uuid;
begin
  -- Of one machine the truth is waited for; of all of them, what somebody else is at work on is left to him.
  perform 1 from public.machine_leases l join public.machines m on m.id = l.machine_id
  where l.machine_id = p_machine_id and l.expires_at < clock_timestamp() and m.status in ('processing', 'stopping')
  for no key update of l;
  for v_lost in
    select l.machine_id from public.machine_leases l
    join public.machines m on m.id = l.machine_id
    where (p_machine_id is null or l.machine_id = p_machine_id)
      and l.expires_at < clock_timestamp() and m.status in ('processing', 'stopping')
    order by l.machine_id for no key update of l skip locked
  loop
    select * into v_machine from public.machines m where m.id = v_lost for no key update;
    continue when v_machine.status not in ('processing', 'stopping');
    update public.machine_leases set fence_token = fence_token + 1 where machine_id = v_lost;
    perform private.move_machine(v_lost, 'unknown', v_machine.current_process_id);
    perform private.audit('controller_lost', v_lost, v_machine.current_process_id);
  end loop;
end
$$;
comment on function private.lose_controllers(uuid) is
  'Machines (or one) whose controller fell silent during a run become unknown, for a person to reconcile; the old fence is void.';

create function private.machine_commands_notice() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.lose_controllers(new.machine_id);
  return new;
end
$$;
comment on function private.machine_commands_notice() is
  'A person who commands a machine whose controller is gone finds it unknown, even when no other controller is left to notice.';
create trigger t10_notice before insert on public.machine_commands
  for each row execute function private.machine_commands_notice();

create function private.machine_commands_touch() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines set status = status where id = new.machine_id;
  return null;
end
$$;
comment on function private.machine_commands_touch() is
  'A stop raises the version of its machine, also when it is already stopping: the end of the run under way at the same '
  'moment then starts anew and settles it, instead of ending by a snapshot that does not hold it.';
create trigger t20_touch after update of run_id on public.machine_commands for each row
  when (new.kind = 'stop' and new.run_id is not null and old.run_id is null)
  execute function private.machine_commands_touch();

create function private.machine_leases_taken_over() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  v_run uuid;
begin
  if new.acquired_at is not distinct from old.acquired_at or old.expires_at > clock_timestamp() then
    return new;
  end if;
  select m.current_process_id into v_run from public.machines m
  where m.id = new.machine_id and m.status in ('processing', 'stopping') for no key update;
  if found then
    new.fence_token := new.fence_token + 1;
    perform private.move_machine(new.machine_id, 'unknown', v_run);
    perform private.audit('controller_lost', new.machine_id, v_run);
  end if;
  return new;
end
$$;
comment on function private.machine_leases_taken_over() is
  'A lease that had run out during a run is never taken over unnoticed, also when a report of the old holder was under way.';
create trigger t10_taken_over before update on public.machine_leases
  for each row execute function private.machine_leases_taken_over();

create or replace function private.program_of(p_recipe_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_recipe public.recipes;
  v_depth integer;
  v_steps jsonb;
  v_totals record;
begin
  with recursive nested as (
    select s.id, 1 as depth from public.recipe_steps s where s.recipe_id = p_recipe_id and s.parent_step_id is null
    union all
    select s.id, n.depth + 1 from nested n join public.recipe_steps s on s.parent_step_id = n.id where n.depth <= 32
  )
  select max(n.depth) into v_depth from nested n;
  if v_depth > 32 then
    perform private.invalid_program('steps', 'loops are nested more than 32 deep');
  end if;
  select r.* into v_recipe from public.recipes r where r.id = p_recipe_id;
  v_steps := private.program_steps(p_recipe_id, null, 'steps');
  begin
    select t.* into v_totals from private.program_totals(v_steps) t;
  exception when numeric_value_out_of_range then
    v_totals := null;
  end;
  if v_totals is null or v_totals.steps > 999999999 or v_totals.planned_ms > 9007199254740991 then
    perform private.invalid_program('steps', 'unrolled, the program has more than 999 999 999 steps');
  end if;
  return jsonb_build_object(
    'format', 1,
    'recipe', jsonb_build_object(
      'id', v_recipe.id, 'name', v_recipe.name, 'version', v_recipe.version, 'machine_type', v_recipe.machine_type,
      'substrate', v_recipe.substrate, 'chamber_temperature_set_point', v_recipe.chamber_temperature_set_point,
      'pressure_set_point', v_recipe.pressure_set_point),
    'steps', v_steps,
    'parameters', coalesce((
      select jsonb_agg(jsonb_build_object('name', p.parameter_name, 'value', p.parameter_value,
        'unit', p.parameter_unit, 'min', p.min_value, 'max', p.max_value) order by p.parameter_name)
      from public.recipe_parameters p where p.recipe_id = p_recipe_id), '[]'::jsonb),
    'totals', to_jsonb(v_totals));
end
$$;
comment on function private.program_of(uuid) is
  'The whole program of a recipe, ready to be frozen into a run; raises PT422 for a fault, and for what cannot be numbered.';

-- What is called over HTTP gives up after 2 s at a lock (55P03) and has done nothing; the same call may be sent again.
do $$
declare
  f text;
begin
  foreach f in array array[
    'start_process(uuid, uuid, uuid, bigint, jsonb, text)', 'request_stop(uuid, uuid, uuid, text, text)',
    'clear_machine(uuid, uuid, text)', 'reconcile_run(uuid, uuid, text, text)',
    'claim_machine(uuid, text, text, boolean, integer)', 'renew_lease(uuid, bigint, integer)', 'release_machine(uuid, bigint)',
    'accept_command(uuid, bigint)', 'advance_command(uuid, bigint, text, text)', 'record_step(uuid, bigint, jsonb)',
    'record_samples(uuid, bigint, jsonb)', 'record_readings(uuid, bigint, jsonb)', 'end_process(uuid, bigint, text, text, jsonb)',
    'atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text)', 'atomic_complete_machine_state(uuid)',
    'atomic_error_machine_state(uuid, text)', 'atomic_processing_machine_state(uuid, uuid)'
  ] loop
    execute 'alter function public.' || f || ' set lock_timeout = ''2s''';
  end loop;
end
$$;

-- The secret key writes what an older controller wrote, and no more: it removes nothing, and history is cut by trigger
-- and functions alone.
revoke delete, truncate on public.machines, public.machine_state, public.operator_sessions, public.process_executions,
  public.process_execution_state, public.process_data_points from service_role;
revoke insert, update, delete, truncate on public.step_execution_history from service_role;
revoke insert, update on public.process_executions, public.process_execution_state from service_role;
grant insert (id, session_id, machine_id, recipe_id, recipe_version, start_time, end_time, operator_id, status, parameters,
    error_message, description, created_at, updated_at),
  update (end_time, status, parameters, error_message, description, updated_at)
  on public.process_executions to service_role;
grant insert (id, execution_id, current_step_index, current_overall_step, total_overall_steps, current_step, current_step_type,
    current_step_name, current_valve_number, current_valve_duration_ms, current_purge_duration_ms, current_parameter_id,
    current_parameter_value, current_loop_count, current_loop_iteration, progress, process_metrics, last_updated, created_at),
  update (current_step_index, current_overall_step, total_overall_steps, current_step, current_step_type, current_step_name,
    current_valve_number, current_valve_duration_ms, current_purge_duration_ms, current_parameter_id, current_parameter_value,
    current_loop_count, current_loop_iteration, progress, process_metrics, last_updated)
  on public.process_execution_state to service_role;
revoke execute on all functions in schema private from public;

/* rollback
drop trigger if exists t10_end on public.process_executions;
drop trigger if exists t60_follow_begin on public.process_executions;
drop trigger if exists t61_follow_end on public.process_executions;
drop trigger if exists t62_settle on public.process_executions;
drop trigger if exists t70_agree on public.machines;
drop trigger if exists t10_notice on public.machine_commands;
drop trigger if exists t20_touch on public.machine_commands;
drop trigger if exists t10_taken_over on public.machine_leases;
drop function if exists private.process_executions_end(), private.machine_follows_run(), private.commands_follow_run(), private.machine_agrees(),
  private.machine_commands_notice(), private.machine_commands_touch(), private.machine_leases_taken_over(),
  private.lose_controllers(uuid);
create or replace trigger trg_process_state_history
  after insert or update on public.process_execution_state
  for each row execute function public.fn_record_step_history();
do $$
declare
  f text;
begin
  foreach f in array array[
    'start_process(uuid, uuid, uuid, bigint, jsonb, text)', 'request_stop(uuid, uuid, uuid, text, text)',
    'clear_machine(uuid, uuid, text)', 'reconcile_run(uuid, uuid, text, text)',
    'claim_machine(uuid, text, text, boolean, integer)', 'renew_lease(uuid, bigint, integer)', 'release_machine(uuid, bigint)',
    'accept_command(uuid, bigint)', 'advance_command(uuid, bigint, text, text)', 'record_step(uuid, bigint, jsonb)',
    'record_samples(uuid, bigint, jsonb)', 'record_readings(uuid, bigint, jsonb)', 'end_process(uuid, bigint, text, text, jsonb)',
    'atomic_update_machine_state(uuid, text, uuid, text, uuid, boolean, text)', 'atomic_complete_machine_state(uuid)',
    'atomic_error_machine_state(uuid, text)', 'atomic_processing_machine_state(uuid, uuid)'
  ] loop
    execute 'alter function public.' || f || ' reset lock_timeout';
  end loop;
end
$$;
revoke insert, update on public.process_executions, public.process_execution_state from service_role;
grant all on public.machines, public.machine_state, public.operator_sessions, public.process_executions,
  public.process_execution_state, public.process_data_points, public.step_execution_history to service_role;
-- What this file replaced, as 0009, 0010 and 0004 made it.
create or replace function private.move_machine(
  p_machine_id uuid, p_status text, p_process_id uuid,
  p_is_failure_mode boolean default false, p_failure_description text default null
) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  update public.machines set status = p_status, current_process_id = p_process_id where id = p_machine_id;
  insert into public.machine_state as s
    (machine_id, current_state, process_id, is_failure_mode, failure_description)
  values (p_machine_id, p_status, p_process_id, p_is_failure_mode, p_failure_description)
  on conflict (machine_id) do update set
    current_state = excluded.current_state, process_id = excluded.process_id,
    is_failure_mode = excluded.is_failure_mode, failure_description = excluded.failure_description
  where (s.current_state, s.process_id, s.is_failure_mode, s.failure_description) is distinct from
    (excluded.current_state, excluded.process_id, excluded.is_failure_mode, excluded.failure_description);
end
$$;
comment on function private.move_machine(uuid, text, uuid, boolean, text) is
  'Moves both tables; the caller holds the lock on the machine. The only place that decides the pair.';
create or replace function private.expire_commands(p_machine_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_command public.machine_commands;
begin
  for v_command in
    select * from public.machine_commands
    where machine_id = p_machine_id and status = 'requested' and settled_at is null
      and requested_at < clock_timestamp() - interval '30 seconds'
    for no key update skip locked
  loop
    perform private.settle_command(v_command.id, 'expired', 'No controller took the command within 30 s.');
    perform private.audit('command_expired', p_machine_id, v_command.run_id, v_command.id);
    if v_command.kind = 'start' then
      perform 1 from public.machines where id = p_machine_id for no key update;
      perform private.end_run(v_command.run_id, 'failed', 'failed', 'No controller took the start within 30 s.');
      update public.machines m set status = 'idle', current_process_id = null
      where m.id = p_machine_id and m.current_process_id = v_command.run_id;
    end if;
  end loop;
end
$$;
comment on function private.expire_commands(uuid) is
  'Expires commands that no controller took within 30 s; an expired start ends its run as failed and frees the machine.';
create function private.lose_controllers() returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_machine public.machines;
  v_lost uuid;
begin
  for v_lost in
    select l.machine_id from public.machine_leases l
    join public.machines m on m.id = l.machine_id
    where l.expires_at < clock_timestamp() and m.status in ('processing', 'stopping')
    order by l.machine_id for no key update of l skip locked
  loop
    select * into v_machine from public.machines m where m.id = v_lost for no key update;
    continue when v_machine.status not in ('processing', 'stopping');
    update public.machine_leases set fence_token = fence_token + 1 where machine_id = v_lost;
    perform private.move_machine(v_lost, 'unknown', v_machine.current_process_id);
    perform private.audit('controller_lost', v_lost, v_machine.current_process_id);
  end loop;
end
$$;
comment on function private.lose_controllers() is 'Machines whose controller fell silent during a run become unknown, for a person to reconcile; the old fence is void.';
create or replace function private.program_of(p_recipe_id uuid) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  v_recipe public.recipes;
  v_steps jsonb;
begin
  select r.* into v_recipe from public.recipes r where r.id = p_recipe_id;
  v_steps := private.program_steps(p_recipe_id, null, 'steps');
  return jsonb_build_object(
    'format', 1,
    'recipe', jsonb_build_object(
      'id', v_recipe.id, 'name', v_recipe.name, 'version', v_recipe.version, 'machine_type', v_recipe.machine_type,
      'substrate', v_recipe.substrate, 'chamber_temperature_set_point', v_recipe.chamber_temperature_set_point,
      'pressure_set_point', v_recipe.pressure_set_point),
    'steps', v_steps,
    'parameters', coalesce((
      select jsonb_agg(jsonb_build_object('name', p.parameter_name, 'value', p.parameter_value,
        'unit', p.parameter_unit, 'min', p.min_value, 'max', p.max_value) order by p.parameter_name)
      from public.recipe_parameters p where p.recipe_id = p_recipe_id), '[]'::jsonb),
    'totals', (select to_jsonb(t) from private.program_totals(v_steps) t));
end
$$;
comment on function private.program_of(uuid) is 'The whole program of a recipe, ready to be frozen into a run; raises PT422.';
revoke execute on all functions in schema private from public;
grant execute on function private.program_of(uuid) to authenticated, service_role;
rollback */
