-- Who is looking at a machine at this moment, so that two people at one machine know of each other. A page says so itself,
-- every few seconds; what it said is forgotten half a minute later.
-- Written by: watch_machine, for the caller's own pages. Read by: the same function.

create table public.machine_watchers (
  page_id uuid primary key,
  machine_id uuid not null references public.machines (id) on delete cascade,
  person_id uuid not null references public.profiles (id) on delete cascade,
  seen_at timestamptz not null default now()
);
comment on table public.machine_watchers is 'An open page of a person that shows a machine; the page''s own id, made when it opened.';
create index machine_watchers_by_machine on public.machine_watchers (machine_id, seen_at);
create index machine_watchers_by_person on public.machine_watchers (person_id);
alter table public.machine_watchers enable row level security;
revoke all on public.machine_watchers from anon, authenticated, service_role;
grant select on public.machine_watchers to authenticated, service_role;
create policy machine_watchers_read_by_people on public.machine_watchers for select to authenticated
  using ((select private.is_person()));

create function public.watch_machine(p_machine_id uuid, p_page_id uuid, p_is_leaving boolean default false) returns jsonb
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
revoke execute on function public.watch_machine(uuid, uuid, boolean) from public, anon, service_role;
grant execute on function public.watch_machine(uuid, uuid, boolean) to authenticated;

/* rollback
drop function if exists public.watch_machine(uuid, uuid, boolean);
drop table if exists public.machine_watchers;
rollback */
