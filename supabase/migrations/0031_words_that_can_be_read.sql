-- A reason is what a person can read, and no request fails, a stop least of all, because a text in it is too long.
-- Written by: nobody new; is_reason and claim_command are replaced.

create function private.readable_length(p_text text) returns integer
language sql immutable set search_path = ''
as $$
  -- Controls, soft hyphens, fillers, signs of direction, joiners, variation selectors and the spaces of all widths.
  select length(btrim(regexp_replace(coalesce(p_text, ''),
    '[\u0001-\u001F\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]',
    '', 'g')))
$$;
comment on function private.readable_length(text) is 'How many characters of a text can be seen; white space at its ends does not count.';

create or replace function private.is_reason(p_reason text) returns boolean
language sql immutable set search_path = ''
as $$ select private.readable_length(p_reason) >= 3 and length(p_reason) <= 500 $$;
comment on function private.is_reason(text) is 'A reason has 3 to 500 characters, and 3 at least can be seen.';

create function private.short_payload(p_payload jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select case when pg_catalog.pg_column_size(p_payload) <= 61440 then p_payload else (
    select jsonb_object_agg(e.key, case when pg_catalog.pg_column_size(e.value) > 4096 then to_jsonb(left(e.value #>> '{}', 4000)) else e.value end)
    from jsonb_each(p_payload) e) end
$$;
comment on function private.short_payload(jsonb) is 'What was asked, as it is kept: of a very large part its first 4 000 characters.';

create or replace function private.claim_command(
  p_command_id uuid, p_machine_id uuid, p_kind text, p_payload jsonb, p_mode text, p_recipe_id uuid,
  p_expected_version bigint, p_reason text, out is_new boolean, out answer jsonb
)
language plpgsql security definer set search_path = ''
as $$
declare
  v public.machine_commands;
  v_payload jsonb := private.short_payload(p_payload);
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
    p_expected_version, left(p_reason, 4000), v_payload, (select auth.uid()))
  on conflict (id) do nothing;
  is_new := found;
  if is_new then
    perform private.audit('command_requested', p_machine_id, null, p_command_id, null,
      jsonb_build_object('kind', p_kind) || v_payload, left(p_reason, 4000));
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
    or v.kind <> p_kind or v.payload <> v_payload
  then
    answer := private.refuse(422, 'command_id_reused',
      'Nothing was asked of the machine: this command id was already used for another request.', 'Reload the page and try again.');
  else
    answer := private.command_answer(p_command_id);
  end if;
end
$$;

revoke execute on function private.readable_length(text), private.short_payload(jsonb) from public;

/* rollback
create or replace function private.claim_command(
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
create or replace function private.is_reason(p_reason text) returns boolean
language sql immutable set search_path = ''
as $$ select length(btrim(coalesce(p_reason, ''))) between 3 and 500 $$;
comment on function private.is_reason(text) is 'A reason has 3 to 500 characters.';
drop function if exists private.short_payload(jsonb), private.readable_length(text);
rollback */
