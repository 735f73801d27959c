-- Notes on a run, a step or a moment, or on a stretch of either: changed by who wrote them, with every version kept.
-- Written by: write_note, edit_note, retract_note. Read by: every person.

alter table public.run_notes
  add column until_seq integer,
  add column until_at timestamptz,
  add column version integer not null default 1,
  add column edited_at timestamptz,
  add column is_retracted boolean not null default false,
  add constraint run_notes_place_is_one check (
    (seq is null or at is null) and (until_seq is null or until_seq >= seq) and (until_at is null or until_at >= at)
    and (until_seq is null or seq is not null) and (until_at is null or at is not null));
comment on column public.run_notes.until_seq is 'Last step of a stretch that begins with seq.';
comment on column public.run_notes.until_at is 'End of a stretch of time that begins at.';
comment on column public.run_notes.is_retracted is 'Taken back by its author; what it said is kept.';

create table public.run_note_versions (
  note_id uuid not null references public.run_notes (id) on delete cascade,
  version integer not null,
  body text not null,
  seq integer,
  until_seq integer,
  at timestamptz,
  until_at timestamptz,
  is_retracted boolean not null,
  written_at timestamptz not null default clock_timestamp(),
  primary key (note_id, version)
);
comment on table public.run_note_versions is 'What a note said, each time it was written; append-only.';
alter table public.run_note_versions enable row level security;
revoke all on public.run_note_versions from anon, authenticated, service_role;
grant select on public.run_note_versions to authenticated, service_role;
create policy run_note_versions_read_by_people on public.run_note_versions for select to authenticated using ((select private.is_person()));

create function private.note_versions_are_kept() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'PT403', message = 'The note was not changed there: its versions are append-only.', hint = 'Write a new version of the note.';
end
$$;
comment on function private.note_versions_are_kept() is 'Refuses every change of what a note once said.';
create trigger t10_append_only before update on public.run_note_versions for each row execute function private.note_versions_are_kept();

create function private.run_notes_keep_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.run_note_versions (note_id, version, body, seq, until_seq, at, until_at, is_retracted)
  values (new.id, new.version, new.body, new.seq, new.until_seq, new.at, new.until_at, new.is_retracted);
  return null;
end
$$;
comment on function private.run_notes_keep_version() is 'Keeps what a note says, whoever writes it.';
create trigger t20_keep_version after insert or update on public.run_notes for each row execute function private.run_notes_keep_version();
insert into public.run_note_versions (note_id, version, body, seq, at, is_retracted, written_at)
select n.id, 1, n.body, n.seq, n.at, false, n.created_at from public.run_notes n;

-- From here on a function does it for them.
revoke insert (process_id, seq, at, body) on public.run_notes from authenticated;
drop policy run_notes_insert_by_engineers on public.run_notes;

create function private.note_fault(p_run_id uuid, p_body text, p_seq integer, p_until_seq integer, p_at timestamptz, p_until_at timestamptz) returns text
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
comment on function private.note_fault(uuid, text, integer, integer, timestamptz, timestamptz) is 'What is wrong with a note; null when nothing is.';

create function private.refuse_note(p_note_id uuid, p_version integer) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  v_note public.run_notes;
begin
  if not private.is_person() then
    return private.refuse(403, 'not_signed_in', 'The note was not changed: nobody with an active profile is signed in.', 'Sign in again, or ask an administrator.');
  end if;
  select * into v_note from public.run_notes n where n.id = p_note_id for no key update;
  if v_note.id is null or v_note.is_retracted then
    return private.refuse(404, 'note_not_found', 'The note was not changed: it is not there any more.', 'Look at the notes as they are now.');
  end if;
  if v_note.author_id is distinct from (select auth.uid()) or not private.is_engineer() then
    return private.refuse(403, 'not_allowed', 'The note was not changed: only who wrote it changes it, while an engineer or administrator.', 'Write a note of your own.');
  end if;
  if v_note.version is distinct from p_version then
    return private.refuse(412, 'note_changed', format('The note was not changed: it has version %s by now, not %s.', v_note.version, p_version), 'Look at it again, then decide.');
  end if;
  return null;
end
$$;
comment on function private.refuse_note(uuid, integer) is 'Why the caller may not change a note, which it locks; null when he may.';

create function public.write_note(
  p_note_id uuid, p_run_id uuid, p_body text, p_seq integer default null, p_until_seq integer default null,
  p_at timestamptz default null, p_until_at timestamptz default null
) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_note public.run_notes;
  v_fault text;
begin
  if not private.is_person() then
    return private.refuse(403, 'not_signed_in', 'The note was not written: nobody with an active profile is signed in.', 'Sign in again, or ask an administrator.');
  end if;
  if not private.is_engineer() then
    return private.refuse(403, 'not_allowed', 'The note was not written: only engineers and administrators write notes.', 'Ask an engineer.');
  end if;
  if not exists (select 1 from public.process_executions r where r.id = p_run_id) then
    return private.refuse(404, 'run_not_found', 'The note was not written: there is no such run.', 'Go back to the runs and choose one.');
  end if;
  v_fault := case when p_note_id is null then 'its id is missing' else private.note_fault(p_run_id, p_body, p_seq, p_until_seq, p_at, p_until_at) end;
  if v_fault is not null then
    return private.refuse(422, 'note_invalid', 'The note was not written: ' || v_fault || '.', 'Correct it and write it again.');
  end if;
  -- Asking twice is asking once.
  insert into public.run_notes (id, process_id, seq, until_seq, at, until_at, body, author_id)
  values (p_note_id, p_run_id, p_seq, p_until_seq, p_at, p_until_at, btrim(p_body), (select auth.uid()))
  on conflict (id) do nothing;
  select * into v_note from public.run_notes n where n.id = p_note_id;
  if v_note.author_id is distinct from (select auth.uid()) or v_note.process_id <> p_run_id then
    return private.refuse(422, 'note_invalid', 'The note was not written: its id is that of another note.', 'Reload the page and write it again.');
  end if;
  -- The answer to the first was lost, and more was typed meanwhile: that would be lost without a word.
  if v_note.version = 1 and (v_note.body, v_note.seq, v_note.until_seq, v_note.at, v_note.until_at)
    is distinct from (btrim(p_body), p_seq, p_until_seq, p_at, p_until_at)
  then
    return private.refuse(412, 'note_changed', 'The note was not written: it is there already, as it was sent before.', 'Send it again to write this over it; what it said is kept.');
  end if;
  return jsonb_build_object('ok', true, 'note', to_jsonb(v_note));
end
$$;
comment on function public.write_note(uuid, uuid, text, integer, integer, timestamptz, timestamptz) is
  'Writes a note on a run, a step (or a stretch of steps) or a moment (or a stretch) of the controller''s clock; its id is made by '
  'the browser. Caller: engineers and administrators. 403 not_signed_in, not_allowed, 404 run_not_found, 412 note_changed, 422 note_invalid.';

create function public.edit_note(
  p_note_id uuid, p_version integer, p_body text, p_seq integer default null, p_until_seq integer default null,
  p_at timestamptz default null, p_until_at timestamptz default null
) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_refusal jsonb := private.refuse_note(p_note_id, p_version);
  v_note public.run_notes;
  v_fault text;
begin
  if v_refusal is not null then
    return v_refusal;
  end if;
  v_fault := private.note_fault((select n.process_id from public.run_notes n where n.id = p_note_id), p_body, p_seq, p_until_seq, p_at, p_until_at);
  if v_fault is not null then
    return private.refuse(422, 'note_invalid', 'The note was not changed: ' || v_fault || '.', 'Correct it and write it again.');
  end if;
  update public.run_notes n set body = btrim(p_body), seq = p_seq, until_seq = p_until_seq, at = p_at, until_at = p_until_at,
    version = n.version + 1, edited_at = clock_timestamp()
  where n.id = p_note_id returning * into v_note;
  return jsonb_build_object('ok', true, 'note', to_jsonb(v_note));
end
$$;
comment on function public.edit_note(uuid, integer, text, integer, integer, timestamptz, timestamptz) is
  'Writes a note anew, over the version that its author saw; what it said is kept. Caller: its author. 403 not_signed_in, '
  'not_allowed, 404 note_not_found, 412 note_changed, 422 note_invalid.';

create function public.retract_note(p_note_id uuid, p_version integer) returns jsonb
language plpgsql security definer set search_path = '' set lock_timeout = '2s'
as $$
declare
  v_refusal jsonb := private.refuse_note(p_note_id, p_version);
  v_note public.run_notes;
begin
  if v_refusal is not null then
    return v_refusal;
  end if;
  update public.run_notes n set is_retracted = true, version = n.version + 1, edited_at = clock_timestamp()
  where n.id = p_note_id returning * into v_note;
  return jsonb_build_object('ok', true, 'note', to_jsonb(v_note));
end
$$;
comment on function public.retract_note(uuid, integer) is
  'Takes a note back; what it said is kept. Caller: its author. 403 not_signed_in, not_allowed, 404 note_not_found, 412 note_changed.';

create function public.notes_of_run(p_run_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object('notes', coalesce(jsonb_agg(to_jsonb(n) - 'process_id' - 'full_name' || jsonb_build_object(
      'author_name', n.full_name,
      'start_ms', date_part('epoch', coalesce(n.at, f.device_started_at, f.started_at) - z.at) * 1000,
      'end_ms', date_part('epoch', coalesce(n.until_at, u.device_started_at + make_interval(secs => u.measured_ms::double precision / 1000), u.ended_at) - z.at) * 1000,
      'may_edit', n.author_id = (select auth.uid()) and not n.is_retracted and (select private.is_engineer()))
    order by n.created_at, n.id), '[]'::jsonb))
  from (
    select x.*, p.full_name from public.run_notes x left join public.profiles p on p.id = x.author_id
    where x.process_id = p_run_id order by x.created_at limit 1000
  ) n
  cross join lateral (select private.run_begins(p_run_id) as at) z
  left join public.step_execution_history f on f.process_id = p_run_id and f.seq = n.seq
  left join public.step_execution_history u on u.process_id = p_run_id and u.seq = n.until_seq
$$;
comment on function public.notes_of_run(uuid) is
  'The notes on a run (at most 1 000), oldest first, with their place in ms on the axis of run_timeline; those taken back as well.';

create function public.note_versions(p_note_id uuid) returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object('versions', coalesce(jsonb_agg(to_jsonb(v) - 'note_id' order by v.version), '[]'::jsonb))
  from public.run_note_versions v where v.note_id = p_note_id
$$;
comment on function public.note_versions(uuid) is 'What a note said, version by version.';

revoke execute on all functions in schema private from public;
do $$
declare
  f text;
begin
  foreach f in array array['write_note(uuid, uuid, text, integer, integer, timestamptz, timestamptz)',
    'edit_note(uuid, integer, text, integer, integer, timestamptz, timestamptz)', 'retract_note(uuid, integer)'] loop
    execute 'revoke execute on function public.' || f || ' from public, anon, service_role';
    execute 'grant execute on function public.' || f || ' to authenticated';
  end loop;
  foreach f in array array['notes_of_run(uuid)', 'note_versions(uuid)'] loop
    execute 'revoke execute on function public.' || f || ' from public, anon';
    execute 'grant execute on function public.' || f || ' to authenticated, service_role';
  end loop;
end
$$;

/* rollback
drop function if exists public.note_versions(uuid), public.notes_of_run(uuid), public.retract_note(uuid, integer),
  public.edit_note(uuid, integer, text, integer, integer, timestamptz, timestamptz),
  public.write_note(uuid, uuid, text, integer, integer, timestamptz, timestamptz);
drop trigger if exists t20_keep_version on public.run_notes;
drop function if exists private.refuse_note(uuid, integer), private.note_fault(uuid, text, integer, integer, timestamptz, timestamptz),
  private.run_notes_keep_version();
drop table if exists public.run_note_versions;
drop function if exists private.note_versions_are_kept();
alter table public.run_notes drop constraint if exists run_notes_place_is_one, drop column if exists until_seq, drop column if exists until_at,
  drop column if exists version, drop column if exists edited_at, drop column if exists is_retracted;
grant insert (process_id, seq, at, body) on public.run_notes to authenticated;
drop policy if exists run_notes_insert_by_engineers on public.run_notes;
create policy run_notes_insert_by_engineers on public.run_notes for insert to authenticated
  with check ((select private.is_engineer()) and author_id = (select auth.uid()));
rollback */
