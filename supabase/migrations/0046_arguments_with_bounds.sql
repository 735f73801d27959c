-- What is asked with too little or too much is refused in words: a controller's name has an end, and a page that watches says
-- which one it is. Written by: nobody new; claim_machine and watch_machine are replaced.

create or replace function public.claim_machine(
  p_machine_id uuid, p_controller text, p_driver text, p_is_simulated boolean, p_ttl_ms integer default 6000
) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_lease public.machine_leases;
  v_now timestamptz := clock_timestamp();
  v_run uuid;
begin
  if length(btrim(coalesce(p_controller, ''))) not between 1 and 200 or length(btrim(coalesce(p_driver, ''))) not between 1 and 200
    or coalesce(p_ttl_ms, 0) not between 1000 and 60000
  then
    return private.refuse(422, 'lease_invalid',
      'The machine was not claimed: a controller name and a driver of up to 200 letters, and a time from 1 000 to 60 000 ms are needed.', null);
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

create or replace function public.watch_machine(p_machine_id uuid, p_page_id uuid, p_is_leaving boolean default false) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_person uuid := (select auth.uid());
begin
  if not private.is_person() or not exists (select 1 from public.machines m where m.id = p_machine_id) then
    return private.refuse(404, 'machine_not_found', 'Nobody is watched: there is no such machine.', 'Go back to the fleet and choose a machine.');
  end if;
  if p_page_id is null then
    return private.refuse(422, 'page_invalid', 'Nobody is watched: the page did not say which one it is.', 'Reload the page.');
  end if;
  delete from public.machine_watchers w
  where w.person_id = v_person
    and (w.seen_at < clock_timestamp() - interval '30 seconds' or (w.page_id = p_page_id and p_is_leaving));
  if not p_is_leaving then
    -- More pages than anybody has open are the fault of a program.
    insert into public.machine_watchers (page_id, machine_id, person_id, seen_at)
    select p_page_id, p_machine_id, v_person, clock_timestamp()
    where (select count(*) from public.machine_watchers w where w.person_id = v_person and w.page_id <> p_page_id) < 200
    on conflict (page_id) do update set machine_id = excluded.machine_id, seen_at = excluded.seen_at
    where machine_watchers.person_id = v_person;
  end if;
  return jsonb_build_object('ok', true, 'watchers', coalesce((
    select jsonb_agg(jsonb_build_object('person_id', o.id, 'name', o.full_name, 'role', o.role, 'seen_at', o.seen_at) order by o.full_name, o.id)
    from (
      select p.id, p.full_name, p.role, max(w.seen_at) as seen_at
      from public.machine_watchers w join public.profiles p on p.id = w.person_id
      where w.machine_id = p_machine_id and w.person_id <> v_person and w.seen_at > clock_timestamp() - interval '30 seconds'
      group by p.id
    ) o), '[]'::jsonb));
end
$$;
comment on function public.watch_machine(uuid, uuid, boolean) is
  'Says that a page of the caller shows this machine, and answers who else looks at it: people seen in the last 30 s, once each. '
  'Caller: any signed-in person. 404 machine_not_found, 422 page_invalid.';

update public.machine_leases set controller = left(controller, 200), driver = left(driver, 200) where length(controller) > 200 or length(driver) > 200;
alter table public.machine_leases
  add constraint machine_leases_controller_has_an_end check (length(controller) <= 200 and length(driver) <= 200);

/* rollback
alter table public.machine_leases drop constraint machine_leases_controller_has_an_end;
create or replace function public.claim_machine(
  p_machine_id uuid, p_controller text, p_driver text, p_is_simulated boolean, p_ttl_ms integer default 6000
) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
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
create or replace function public.watch_machine(p_machine_id uuid, p_page_id uuid, p_is_leaving boolean default false) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_person uuid := (select auth.uid());
begin
  if not private.is_person() or not exists (select 1 from public.machines m where m.id = p_machine_id) then
    return private.refuse(404, 'machine_not_found', 'Nobody is watched: there is no such machine.', 'Go back to the fleet and choose a machine.');
  end if;
  delete from public.machine_watchers w
  where w.person_id = v_person
    and (w.seen_at < clock_timestamp() - interval '30 seconds' or (w.page_id = p_page_id and p_is_leaving));
  if not p_is_leaving then
    -- More pages than anybody has open are the fault of a program.
    insert into public.machine_watchers (page_id, machine_id, person_id, seen_at)
    select p_page_id, p_machine_id, v_person, clock_timestamp()
    where (select count(*) from public.machine_watchers w where w.person_id = v_person and w.page_id <> p_page_id) < 200
    on conflict (page_id) do update set machine_id = excluded.machine_id, seen_at = excluded.seen_at
    where machine_watchers.person_id = v_person;
  end if;
  return jsonb_build_object('ok', true, 'watchers', coalesce((
    select jsonb_agg(jsonb_build_object('person_id', o.id, 'name', o.full_name, 'role', o.role, 'seen_at', o.seen_at) order by o.full_name, o.id)
    from (
      select p.id, p.full_name, p.role, max(w.seen_at) as seen_at
      from public.machine_watchers w join public.profiles p on p.id = w.person_id
      where w.machine_id = p_machine_id and w.person_id <> v_person and w.seen_at > clock_timestamp() - interval '30 seconds'
      group by p.id
    ) o), '[]'::jsonb));
end
$$;
comment on function public.watch_machine(uuid, uuid, boolean) is
  'Says that a page of the caller shows this machine, and answers who else looks at it: people seen in the last 30 s, once each. '
  'Caller: any signed-in person. 404 machine_not_found.';
rollback */
