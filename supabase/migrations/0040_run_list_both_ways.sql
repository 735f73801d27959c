-- The list of runs is paged in both directions, can be asked for named runs, and says of each run what played it: a replayed
-- run is not to be taken for one of this machine's own.
-- Written by: nobody new; run_filter and list_runs are replaced.

create or replace function private.run_filter(p_filter jsonb) returns text
language plpgsql immutable set search_path = ''
as $$
declare
  v_where text := 'true';
  f jsonb := coalesce(p_filter, '{}');
  -- Every word of the filter is looked for as it is written.
  v_text text := lower(btrim(f ->> 'text'));
begin
  if jsonb_typeof(f -> 'machine_ids') = 'array' and jsonb_array_length(f -> 'machine_ids') > 0 then
    v_where := v_where || format(' and c.machine_id = any (%L::uuid[])', array(select jsonb_array_elements_text(f -> 'machine_ids')));
  end if;
  if jsonb_typeof(f -> 'run_ids') = 'array' then
    v_where := v_where || format(' and c.run_id = any (%L::uuid[])', array(select jsonb_array_elements_text(f -> 'run_ids')));
  end if;
  if jsonb_typeof(f -> 'operator_ids') = 'array' and jsonb_array_length(f -> 'operator_ids') > 0 then
    v_where := v_where || format(' and c.operator_id = any (%L::uuid[])', array(select jsonb_array_elements_text(f -> 'operator_ids')));
  end if;
  if jsonb_typeof(f -> 'statuses') = 'array' and jsonb_array_length(f -> 'statuses') > 0 then
    v_where := v_where || format(' and c.status = any (%L::public.process_status[])', array(select jsonb_array_elements_text(f -> 'statuses')));
  end if;
  if f ->> 'recipe_id' is not null then
    v_where := v_where || format(' and c.recipe_id = %L::uuid', f ->> 'recipe_id');
  end if;
  if f ->> 'recipe_version' is not null then
    v_where := v_where || format(' and c.recipe_version = %L::integer', f ->> 'recipe_version');
  end if;
  if f ->> 'from' is not null then
    v_where := v_where || format(' and c.start_time >= %L::timestamptz', f ->> 'from');
  end if;
  if f ->> 'to' is not null then
    v_where := v_where || format(' and c.start_time < %L::timestamptz', f ->> 'to');
  end if;
  if f ->> 'has_deviation' is not null or f ->> 'min_deviations' is not null then
    -- Of an active run the row of the list is not the newest; there are as many as machines.
    v_where := v_where || format(' and (case when c.status in (''preparing'', ''running'', ''paused'') then (select r.deviation_count from public.process_executions r where r.id = c.run_id) else c.deviation_count end) %s %L::integer',
      case when f ->> 'has_deviation' = 'false' then '<' else '>=' end, coalesce(f ->> 'min_deviations', '1'));
  end if;
  if f ->> 'is_good' is not null then
    v_where := v_where || format(' and %s exists (select 1 from public.run_marks k where k.process_id = c.run_id and k.is_good)', case when (f ->> 'is_good')::boolean then '' else 'not' end);
  end if;
  if v_text <> '' then
    select v_where || string_agg(format(' and c.words like %L', '%' || regexp_replace(left(w, 200), '([\\%_])', '\\\1', 'g') || '%'), '') into v_where
    from regexp_split_to_table(left(v_text, 1000), '\s+') w;
  end if;
  return v_where;
end
$$;

create or replace function public.list_runs(
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
end
$$;
comment on function public.list_runs(jsonb, text, boolean, jsonb, integer) is
  'A page of runs (at most 1 000) that pass a filter, in an order, after a place. first is the place of its first run, next that of its '
  'last, null where no run follows: given back as p_after, next reads the page behind, and first, in the other order, the page before. '
  'p_filter: run_ids, machine_ids, operator_ids, statuses (arrays), recipe_id, recipe_version, from, to (of the start), has_deviation, '
  'min_deviations, is_good, text (each word somewhere in the names, the description or the error). Raises PT422 for an unknown order.';

/* rollback
create or replace function private.run_filter(p_filter jsonb) returns text
language plpgsql immutable set search_path = ''
as $$
declare
  v_where text := 'true';
  f jsonb := coalesce(p_filter, '{}');
  -- Every word of the filter is looked for as it is written.
  v_text text := lower(btrim(f ->> 'text'));
begin
  if jsonb_typeof(f -> 'machine_ids') = 'array' and jsonb_array_length(f -> 'machine_ids') > 0 then
    v_where := v_where || format(' and c.machine_id = any (%L::uuid[])', array(select jsonb_array_elements_text(f -> 'machine_ids')));
  end if;
  if jsonb_typeof(f -> 'operator_ids') = 'array' and jsonb_array_length(f -> 'operator_ids') > 0 then
    v_where := v_where || format(' and c.operator_id = any (%L::uuid[])', array(select jsonb_array_elements_text(f -> 'operator_ids')));
  end if;
  if jsonb_typeof(f -> 'statuses') = 'array' and jsonb_array_length(f -> 'statuses') > 0 then
    v_where := v_where || format(' and c.status = any (%L::public.process_status[])', array(select jsonb_array_elements_text(f -> 'statuses')));
  end if;
  if f ->> 'recipe_id' is not null then
    v_where := v_where || format(' and c.recipe_id = %L::uuid', f ->> 'recipe_id');
  end if;
  if f ->> 'recipe_version' is not null then
    v_where := v_where || format(' and c.recipe_version = %L::integer', f ->> 'recipe_version');
  end if;
  if f ->> 'from' is not null then
    v_where := v_where || format(' and c.start_time >= %L::timestamptz', f ->> 'from');
  end if;
  if f ->> 'to' is not null then
    v_where := v_where || format(' and c.start_time < %L::timestamptz', f ->> 'to');
  end if;
  if f ->> 'has_deviation' is not null or f ->> 'min_deviations' is not null then
    -- Of an active run the row of the list is not the newest; there are as many as machines.
    v_where := v_where || format(' and (case when c.status in (''preparing'', ''running'', ''paused'') then (select r.deviation_count from public.process_executions r where r.id = c.run_id) else c.deviation_count end) %s %L::integer',
      case when f ->> 'has_deviation' = 'false' then '<' else '>=' end, coalesce(f ->> 'min_deviations', '1'));
  end if;
  if f ->> 'is_good' is not null then
    v_where := v_where || format(' and %s exists (select 1 from public.run_marks k where k.process_id = c.run_id and k.is_good)', case when (f ->> 'is_good')::boolean then '' else 'not' end);
  end if;
  if v_text <> '' then
    select v_where || string_agg(format(' and c.words like %L', '%' || regexp_replace(left(w, 200), '([\\%_])', '\\\1', 'g') || '%'), '') into v_where
    from regexp_split_to_table(left(v_text, 1000), '\s+') w;
  end if;
  return v_where;
end
$$;

create or replace function public.list_runs(
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
  v_next jsonb;
begin
  -- With its owner's rights, because under row security no index of words may be used; so it asks first who reads.
  if not private.is_person() and coalesce(auth.role(), '') <> 'service_role' then
    return jsonb_build_object('rows', '[]'::jsonb, 'next', null);
  end if;
  if v_column is null then
    raise exception using errcode = 'PT422', message = format('The runs were not listed: there is no order by "%s".', p_sort),
      hint = 'Use start_time, duration, deviation_count, steps, machine, recipe, operator or status.';
  end if;
  execute format($query$
    with page as materialized (
      select c.* from private.run_cards c where %1$s %2$s order by c.%3$I %4$s, c.run_id %4$s limit %5$s
    )
    select jsonb_agg(jsonb_build_object(
        'run_id', p.run_id, 'machine_id', p.machine_id, 'machine_name', p.machine_name, 'serial_number', m.serial_number, 'recipe_id', p.recipe_id,
        'recipe_name', p.recipe_name, 'recipe_revision', p.recipe_version, 'operator_id', p.operator_id, 'operator_name', p.operator_name, 'status', r.status,
        'start_time', r.start_time, 'end_time', r.end_time, 'total_steps', r.total_steps, 'total_cycles', r.total_cycles, 'planned_ms', r.planned_ms,
        'last_seq', r.last_seq, 'deviation_count', r.deviation_count, 'end_reason', r.end_reason, 'error_message', r.error_message, 'description', r.description,
        'is_simulated', coalesce(r.parameters -> 'is_simulated' = 'true'::jsonb, false), 'duration_ms', nullif(p.duration_ms, -1), 'is_good', coalesce(k.is_good, false),
        'sparkline', coalesce(to_jsonb(p.sparkline), case when r.last_seq > 0 then to_jsonb(private.sparkline(r.id, r.last_seq)) else '[]'::jsonb end))
        order by p.%3$I %4$s, p.run_id %4$s),
      (array_agg(jsonb_build_array(p.%3$I, p.run_id) order by p.%3$I %4$s, p.run_id %4$s))[%5$s]
    from page p
    join public.process_executions r on r.id = p.run_id join public.machines m on m.id = r.machine_id
    left join public.run_marks k on k.process_id = r.id
    $query$, private.run_filter(p_filter),
    case when jsonb_typeof(p_after) = 'array' then format('and (c.%I, c.run_id) %s (%L::%s, %L::uuid)', v_column, case v_order when 'desc' then '<' else '>' end,
      p_after ->> 0, v_type, p_after ->> 1) end, v_column, v_order, v_limit)
  into v_rows, v_next;
  return jsonb_build_object('rows', coalesce(v_rows, '[]'::jsonb), 'next', v_next);
end
$$;
comment on function public.list_runs(jsonb, text, boolean, jsonb, integer) is
  'A page of runs (at most 1 000) that pass a filter, in an order, after the place that the page before named as next. p_filter: '
  'machine_ids, operator_ids, statuses (arrays), recipe_id, recipe_version, from, to (of the start), has_deviation, min_deviations, '
  'is_good, text (each word somewhere in the names, the description or the error). Raises PT422 for an unknown order.';
rollback */
