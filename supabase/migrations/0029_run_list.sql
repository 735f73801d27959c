-- The list of all runs: a narrow row each, so that a hundred thousand are filtered, sorted and paged within milliseconds, and
-- the hot path of a running run touches none of it. It is paged in both directions, can be asked for named runs, and says of each
-- run what played it: a replayed run is not to be taken for one of this machine's own.
-- Written by: triggers, when a run begins and when its status changes, and when what it is called by changes. Read by: list_runs.

create extension if not exists pg_trgm with schema extensions;

create table private.run_cards (
  run_id uuid primary key references public.process_executions (id) on delete cascade,
  machine_id uuid not null,
  machine_name text not null,
  recipe_id uuid not null,
  recipe_name text not null,
  recipe_version integer,
  operator_id uuid not null,
  operator_name text not null,
  status public.process_status not null,
  start_time timestamptz not null,
  duration_ms double precision not null,
  steps integer not null,
  deviation_count integer not null,
  words text not null,
  sparkline real[]
);
comment on table private.run_cards is 'One run as the list shows it. Of an active run, steps and deviations are those of its last change of status.';
comment on column private.run_cards.duration_ms is 'Recorded, from start to end; -1 while it runs.';
comment on column private.run_cards.sparkline is 'Farthest deviation (ms) in each of up to 24 equal parts of the run; null where nothing was measured, and until it has ended.';
-- One for each order of the list, and for the filters that leave little.
create index run_cards_by_start on private.run_cards (start_time desc, run_id desc);
create index run_cards_by_duration on private.run_cards (duration_ms desc, run_id desc);
create index run_cards_by_deviations on private.run_cards (deviation_count desc, run_id desc);
create index run_cards_by_steps on private.run_cards (steps desc, run_id desc);
create index run_cards_by_machine on private.run_cards (machine_name desc, run_id desc);
create index run_cards_by_recipe on private.run_cards (recipe_name desc, run_id desc);
create index run_cards_by_operator on private.run_cards (operator_name desc, run_id desc);
create index run_cards_by_status on private.run_cards (status desc, run_id desc);
create index run_cards_of_machine on private.run_cards (machine_id, start_time desc);
create index run_cards_of_recipe on private.run_cards (recipe_id, recipe_version, start_time desc);
create index run_cards_of_operator on private.run_cards (operator_id, start_time desc);
create index run_cards_by_words on private.run_cards using gin (words extensions.gin_trgm_ops);
alter table private.run_cards enable row level security;
revoke all on private.run_cards from public, anon, authenticated, service_role;

create function private.sparkline(p_run_id uuid, p_last_seq integer) returns real[]
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_level integer := 0;
begin
  for v_next in 1..3 loop
    exit when p_last_seq / (16 ^ v_next)::integer < 24;
    v_level := v_next;
  end loop;
  return (
    select array_agg(x.worst order by g.part)
    from generate_series(0, least(24, p_last_seq) - 1) g (part)
    left join (
      select (p.first_seq - 1)::bigint * least(24, p_last_seq) / p_last_seq as part, max(abs(p.worst_ms))::real as worst
      from private.run_pieces(p_run_id, p_last_seq, v_level, 1, p_last_seq) p group by 1
    ) x on x.part = g.part);
end
$$;
comment on function private.sparkline(uuid, integer) is 'Farthest deviation, in ms, in each of up to 24 equal parts of a run.';

create function private.keep_run_card(p_run_id uuid) returns void
language sql security definer set search_path = ''
as $$
  insert into private.run_cards as c (run_id, machine_id, machine_name, recipe_id, recipe_name, recipe_version, operator_id, operator_name, status,
    start_time, duration_ms, steps, deviation_count, words, sparkline)
  select r.id, r.machine_id, coalesce(m.name, m.serial_number), r.recipe_id, coalesce(r.recipe_version #>> '{recipe,name}', e.name),
    case when r.recipe_version #>> '{recipe,version}' ~ '^\d{1,9}$' then (r.recipe_version #>> '{recipe,version}')::integer end,
    r.operator_id, coalesce(p.full_name, p.username, p.email, ''), r.status, r.start_time,
    case when r.end_time is null then -1 else date_part('epoch', r.end_time - r.start_time) * 1000 end, r.last_seq, r.deviation_count,
    left(lower(concat_ws(' ', m.name, m.serial_number, coalesce(r.recipe_version #>> '{recipe,name}', e.name), p.full_name, p.username, r.description, r.error_message)), 4000),
    case when r.status in ('completed', 'failed', 'aborted') and r.last_seq > 0 then private.sparkline(r.id, r.last_seq) end
  from public.process_executions r
  join public.machines m on m.id = r.machine_id join public.recipes e on e.id = r.recipe_id left join public.profiles p on p.id = r.operator_id
  where r.id = p_run_id
  on conflict (run_id) do update set machine_name = excluded.machine_name, recipe_name = excluded.recipe_name, recipe_version = excluded.recipe_version,
    operator_name = excluded.operator_name, status = excluded.status, start_time = excluded.start_time, duration_ms = excluded.duration_ms,
    steps = excluded.steps, deviation_count = excluded.deviation_count, words = excluded.words, sparkline = excluded.sparkline
$$;
comment on function private.keep_run_card(uuid) is 'Writes the row of a run in the list.';

create function private.run_cards_follow() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.keep_run_card(new.id);
  return null;
exception
  when serialization_failure or deadlock_detected then
    raise;
  when others then
    raise warning 'run % does not stand in the list as it is: %', new.id, sqlerrm;
    return null;
end
$$;
comment on function private.run_cards_follow() is 'The list follows a run that begins, changes its status, or is described otherwise; a fault costs the list, never the run.';
create trigger t85_card_begin after insert on public.process_executions for each row execute function private.run_cards_follow();
-- At commit, when all that ends with a run has ended: its last step, and the count of its deviations.
create constraint trigger t85_card_change after update on public.process_executions deferrable initially deferred for each row
  when ((old.status, old.end_time, old.description, old.error_message) is distinct from (new.status, new.end_time, new.description, new.error_message))
  execute function private.run_cards_follow();

create function private.run_cards_rename() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.keep_run_card(c.run_id) from private.run_cards c
  where case tg_table_name when 'machines' then c.machine_id = new.id else c.operator_id = new.id end;
  return null;
end
$$;
comment on function private.run_cards_rename() is 'The list follows a machine or a person that is called otherwise.';
create trigger t85_rename after update of name, serial_number on public.machines for each row
  when ((old.name, old.serial_number) is distinct from (new.name, new.serial_number)) execute function private.run_cards_rename();
create trigger t85_rename after update of full_name, username on public.profiles for each row
  when ((old.full_name, old.username) is distinct from (new.full_name, new.username)) execute function private.run_cards_rename();

do $$ begin perform private.keep_run_card(r.id) from public.process_executions r; end $$;

create function private.run_filter(p_filter jsonb) returns text
language plpgsql stable set search_path = ''
as $$
declare
  v_where text := 'true';
  f jsonb := coalesce(p_filter, '{}');
  -- Every word of the filter is looked for as it is written.
  v_text text := lower(btrim(f ->> 'text'));
begin
  if jsonb_typeof(f -> 'machine_ids') = 'array' and jsonb_array_length(f -> 'machine_ids') > 0 then
    v_where := v_where || format(' and c.machine_id = any (%L::uuid[])', array(select x::uuid from jsonb_array_elements_text(f -> 'machine_ids') x));
  end if;
  if jsonb_typeof(f -> 'run_ids') = 'array' then
    v_where := v_where || format(' and c.run_id = any (%L::uuid[])', array(select x::uuid from jsonb_array_elements_text(f -> 'run_ids') x));
  end if;
  if jsonb_typeof(f -> 'operator_ids') = 'array' and jsonb_array_length(f -> 'operator_ids') > 0 then
    v_where := v_where || format(' and c.operator_id = any (%L::uuid[])', array(select x::uuid from jsonb_array_elements_text(f -> 'operator_ids') x));
  end if;
  if jsonb_typeof(f -> 'statuses') = 'array' and jsonb_array_length(f -> 'statuses') > 0 then
    v_where := v_where || format(' and c.status = any (%L::public.process_status[])', array(select x::public.process_status from jsonb_array_elements_text(f -> 'statuses') x));
  end if;
  if f ->> 'recipe_id' is not null then
    v_where := v_where || format(' and c.recipe_id = %L::uuid', (f ->> 'recipe_id')::uuid);
  end if;
  if f ->> 'recipe_version' is not null then
    v_where := v_where || format(' and c.recipe_version = %L::integer', (f ->> 'recipe_version')::integer);
  end if;
  if f ->> 'from' is not null then
    v_where := v_where || format(' and c.start_time >= %L::timestamptz', (f ->> 'from')::timestamptz);
  end if;
  if f ->> 'to' is not null then
    v_where := v_where || format(' and c.start_time < %L::timestamptz', (f ->> 'to')::timestamptz);
  end if;
  if f ->> 'has_deviation' is not null or f ->> 'min_deviations' is not null then
    -- Of an active run the row of the list is not the newest; there are as many as machines.
    v_where := v_where || format(' and (case when c.status in (''preparing'', ''running'', ''paused'') then (select r.deviation_count from public.process_executions r where r.id = c.run_id) else c.deviation_count end) %s %L::integer',
      case when f ->> 'has_deviation' = 'false' then '<' else '>=' end, coalesce((f ->> 'min_deviations')::integer, 1));
  end if;
  if f ->> 'is_good' is not null then
    v_where := v_where || format(' and %s exists (select 1 from public.run_marks k where k.process_id = c.run_id and k.is_good)', case when (f ->> 'is_good')::boolean then '' else 'not' end);
  end if;
  if v_text <> '' then
    select v_where || string_agg(format(' and c.words like %L', '%' || regexp_replace(left(w, 200), '([\\%_])', '\\\1', 'g') || '%'), '') into v_where
    from regexp_split_to_table(left(v_text, 1000), '\s+') w;
  end if;
  return v_where;
exception when data_exception then
  raise exception using errcode = 'PT422', message = format('The runs were not listed: the filter is none (%s).', sqlerrm), hint = 'Correct the filter, or leave it out.';
end
$$;

comment on function private.run_filter(jsonb) is 'The condition on run_cards c that a filter of the list of runs says, every value quoted; raises where one is not of its type.';

create function public.list_runs(
  p_filter jsonb default '{}', p_sort text default 'start_time', p_is_descending boolean default true, p_after jsonb default null, p_limit integer default 50
) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 1000);
  v_column text := case p_sort when 'start_time' then 'start_time' when 'duration' then 'duration_ms' when 'deviation_count' then 'deviation_count' when 'steps' then 'steps'
    when 'machine' then 'machine_name' when 'recipe' then 'recipe_name' when 'operator' then 'operator_name' when 'status' then 'status' end;
  v_type text := case p_sort when 'start_time' then 'timestamptz' when 'duration' then 'double precision' when 'status' then 'public.process_status'
    when 'deviation_count' then 'integer' when 'steps' then 'integer' else 'text' end;
  v_order text := case when coalesce(p_is_descending, true) then 'desc' else 'asc' end;
  v_rows jsonb;
  v_first jsonb;
  v_next jsonb;
begin
  -- With its owner's rights, because under row security no index of words may be used; so it asks first who reads.
  if not private.is_person() and coalesce(auth.role(), '') <> 'service_role' then
    return jsonb_build_object('rows', '[]'::jsonb, 'first', null, 'next', null);
  end if;
  if v_column is null then
    raise exception using errcode = 'PT422', message = format('The runs were not listed: there is no order by "%s".', p_sort),
      hint = 'Use start_time, duration, deviation_count, steps, machine, recipe, operator or status.';
  end if;
  execute format($query$
    with page as materialized (
      -- One more than asked for: it tells whether anything follows.
      select c.*, row_number() over (order by c.%3$I %4$s, c.run_id %4$s) as n
      from (select * from private.run_cards c where %1$s %2$s order by c.%3$I %4$s, c.run_id %4$s limit %5$s + 1) c
    )
    select jsonb_agg(jsonb_build_object(
        'run_id', p.run_id, 'machine_id', p.machine_id, 'machine_name', p.machine_name, 'serial_number', m.serial_number, 'recipe_id', p.recipe_id,
        'recipe_name', p.recipe_name, 'recipe_revision', p.recipe_version, 'operator_id', p.operator_id, 'operator_name', p.operator_name, 'status', r.status,
        'start_time', r.start_time, 'end_time', r.end_time, 'total_steps', r.total_steps, 'total_cycles', r.total_cycles, 'planned_ms', r.planned_ms,
        'last_seq', r.last_seq, 'deviation_count', r.deviation_count, 'end_reason', r.end_reason, 'error_message', r.error_message, 'description', r.description,
        'is_simulated', coalesce(r.parameters -> 'is_simulated' = 'true'::jsonb, false), 'driver', r.parameters ->> 'driver', 'duration_ms', nullif(p.duration_ms, -1), 'is_good', coalesce(k.is_good, false),
        'sparkline', coalesce(to_jsonb(p.sparkline), case when r.last_seq > 0 then to_jsonb(private.sparkline(r.id, r.last_seq)) else '[]'::jsonb end))
        order by p.n),
      (select jsonb_build_array(p.%3$I, p.run_id) from page p where p.n = 1),
      (select jsonb_build_array(p.%3$I, p.run_id) from page p where p.n = %5$s and exists (select 1 from page o where o.n > p.n))
    from page p
    join public.process_executions r on r.id = p.run_id join public.machines m on m.id = r.machine_id
    left join public.run_marks k on k.process_id = r.id
    where p.n <= %5$s
    $query$, private.run_filter(p_filter),
    case when jsonb_typeof(p_after) = 'array' then format('and (c.%I, c.run_id) %s (%L::%s, %L::uuid)', v_column, case v_order when 'desc' then '<' else '>' end,
      p_after ->> 0, v_type, p_after ->> 1) end, v_column, v_order, v_limit)
  into v_rows, v_first, v_next;
  return jsonb_build_object('rows', coalesce(v_rows, '[]'::jsonb), 'first', v_first, 'next', v_next);
exception when data_exception then
  raise exception using errcode = 'PT422', message = format('The runs were not listed: there is no such place to go on from (%s).', sqlerrm),
    hint = 'Begin with the first page again.';
end
$$;
comment on function public.list_runs(jsonb, text, boolean, jsonb, integer) is
  'A page of runs (at most 1 000) that pass a filter, in an order, after a place. first is the place of its first run, next that of its '
  'last, null where no run follows: given back as p_after, next reads the page behind, and first, in the other order, the page before. '
  'p_filter: run_ids, machine_ids, operator_ids, statuses (arrays), recipe_id, recipe_version, from, to (of the start), has_deviation, '
  'min_deviations, is_good, text (each word somewhere in the names, the description or the error). Raises PT422 for what is no order, '
  'no filter or no place.';

create function public.count_runs(p_filter jsonb default '{}', p_up_to integer default 10000) returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_most integer := least(greatest(coalesce(p_up_to, 10000), 1), 1000000);
  v_count bigint := 0;
begin
  if private.is_person() or coalesce(auth.role(), '') = 'service_role' then
    execute format('select count(*) from (select 1 from private.run_cards c where %s limit %s) x', private.run_filter(p_filter), v_most + 1) into v_count;
  end if;
  return jsonb_build_object('count', least(v_count, v_most), 'is_capped', v_count > v_most);
end
$$;
comment on function public.count_runs(jsonb, integer) is 'How many runs pass a filter of list_runs, counted up to a bound.';

create function public.run_choices() returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'machines', coalesce((select jsonb_agg(jsonb_build_object('id', m.id, 'name', coalesce(m.name, m.serial_number)) order by m.name, m.id) from public.machines m), '[]'::jsonb),
    'recipes', coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'version', r.version) order by r.name, r.id) from public.recipes r), '[]'::jsonb),
    'operators', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', coalesce(p.full_name, p.username, p.email)) order by p.full_name, p.id)
      from public.profiles p where p.role <> 'viewer'), '[]'::jsonb))
$$;
comment on function public.run_choices() is 'What the list of runs may be filtered by: machines, recipes with their newest version, people who command.';

revoke execute on all functions in schema private from public;
revoke execute on function public.list_runs(jsonb, text, boolean, jsonb, integer), public.count_runs(jsonb, integer), public.run_choices() from public, anon;
grant execute on function public.list_runs(jsonb, text, boolean, jsonb, integer), public.count_runs(jsonb, integer), public.run_choices()
  to authenticated, service_role;

/* rollback
drop trigger if exists t85_rename on public.machines;
drop trigger if exists t85_rename on public.profiles;
drop trigger if exists t85_card_begin on public.process_executions;
drop trigger if exists t85_card_change on public.process_executions;
drop function if exists public.run_choices(), public.count_runs(jsonb, integer), public.list_runs(jsonb, text, boolean, jsonb, integer);
drop function if exists private.run_filter(jsonb), private.run_cards_rename(), private.run_cards_follow(), private.keep_run_card(uuid),
  private.sparkline(uuid, integer);
drop table if exists private.run_cards;
drop extension if exists pg_trgm;
rollback */
