-- A database that was away blames nobody for the silence: who could not be heard gets the whole time of its lease once more
-- from the moment the server is up again, and a controller that is heard from for one of its machines is not taken for dead in
-- the next. Written by: nobody new.

drop function private.lose_controllers(uuid);
create function private.lose_controllers(p_machine_id uuid default null, p_heard text default null) returns void
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
      and l.controller is distinct from p_heard
      and pg_postmaster_start_time() + (l.expires_at - l.renewed_at) < clock_timestamp()
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
comment on function private.lose_controllers(uuid, text) is
  'Machines (or one) whose controller fell silent during a run become unknown, for a person to reconcile; the old fence is void. '
  'p_heard: a controller that just spoke. What the server could not hear while it was down counts for nothing.';
revoke execute on function private.lose_controllers(uuid, text) from public;

create or replace function public.renew_lease(p_machine_id uuid, p_fence_token bigint, p_ttl_ms integer default 6000) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
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
  perform private.lose_controllers(null, v_lease.controller);
  return jsonb_build_object('ok', true, 'expires_at', v_lease.expires_at, 'server_time', clock_timestamp(),
    'commands', coalesce((
      select jsonb_agg(to_jsonb(c) order by c.requested_at, c.id) from public.machine_commands c
      where c.machine_id = p_machine_id and c.settled_at is null and c.run_id is not null), '[]'::jsonb));
end
$$;

create or replace function private.machine_commands_notice() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  -- A lease that is given up at this moment is waited for: else a stop would leave the machine idle that its controller, who saw
  -- the run still on, has not put offline.
  perform 1 from public.machine_leases l where l.machine_id = new.machine_id for share;
  perform private.lose_controllers(new.machine_id);
  return new;
end
$$;

/* rollback
create or replace function private.machine_commands_notice() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.lose_controllers(new.machine_id);
  return new;
end
$$;
create or replace function public.renew_lease(p_machine_id uuid, p_fence_token bigint, p_ttl_ms integer default 6000) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
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
drop function private.lose_controllers(uuid, text);
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
revoke execute on function private.lose_controllers(uuid) from public;
rollback */
