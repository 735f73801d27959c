-- Telemetry laid out for billions of readings: a partition per month, so that old ones go at once; the one index that reads
-- need; and sums per 10 s and per 160 s, so that a week is drawn as fast as a minute and outlives its readings.
-- Written by: record_samples, and an older controller that inserts readings itself; the sums and the months by trigger.
-- Read by: run_trend, run_verdict. Thrown away by: npm run retention.

alter table public.process_data_points set schema private;
-- squawk-ignore renaming-table
alter table private.process_data_points rename to telemetry_before;
-- squawk-ignore ban-drop-column
alter table private.telemetry_before drop column id;

create table public.process_data_points (
  process_id uuid not null,
  parameter_id uuid not null,
  value double precision not null,
  set_point double precision,
  "timestamp" timestamptz not null,
  created_at timestamptz not null default now(),
  constraint process_data_points_once primary key (process_id, parameter_id, "timestamp"),
  constraint process_data_points_process_id_fkey foreign key (process_id) references public.process_executions (id) on delete cascade
) partition by range ("timestamp");
comment on table public.process_data_points is
  'Telemetry of a run; timestamp is the controller''s clock. A reading sent again counts once. That its parameter exists is '
  'held by telemetry_sums, once per ten seconds instead of once per reading.';
-- A few pages for a month: readings lie in the order of their time.
create index process_data_points_by_time on public.process_data_points using brin ("timestamp");
-- Readings of a clock that is far off, and all until there are months.
create table private.telemetry_rest partition of public.process_data_points default;

create table private.telemetry_sums (
  process_id uuid not null references public.process_executions (id) on delete cascade,
  parameter_id uuid not null references public.component_parameters (id) on delete cascade,
  level integer not null,
  bucket bigint not null,
  count integer not null,
  total double precision not null,
  least double precision not null,
  most double precision not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  set_point double precision,
  least_off double precision,
  most_off double precision,
  primary key (process_id, level, parameter_id, bucket)
) with (fillfactor = 70);
comment on table private.telemetry_sums is 'Readings of a parameter within 10 s (level 1) or 160 s (level 2) of the controller''s clock.';
comment on column private.telemetry_sums.bucket is 'Seconds since 1970 by 10 or 160, whole.';
comment on column private.telemetry_sums.set_point is 'Of the latest reading.';
comment on column private.telemetry_sums.least_off is 'Least of value minus set-point; most_off the most. Null where no reading had a set-point.';
create index telemetry_sums_by_parameter on private.telemetry_sums (parameter_id);

alter table public.process_data_points enable row level security;
alter table private.telemetry_rest enable row level security;
alter table private.telemetry_sums enable row level security;
revoke all on public.process_data_points, private.telemetry_rest, private.telemetry_sums from public, anon, authenticated, service_role;
grant select on public.process_data_points, private.telemetry_sums to authenticated, service_role;
grant insert, update on public.process_data_points to service_role;
create policy process_data_points_read_by_people on public.process_data_points for select to authenticated
  using ((select private.is_person()));
create policy telemetry_sums_read_by_people on private.telemetry_sums for select to authenticated using ((select private.is_person()));

create function private.keep_telemetry_month(p_at timestamptz) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  v_from timestamptz := date_trunc('month', p_at, 'UTC');
  v_to timestamptz := date_trunc('month', p_at, 'UTC') + interval '1 month';
  v_name text := 'telemetry_' || to_char(v_from at time zone 'UTC', 'YYYY_MM');
begin
  if to_regclass('private.' || v_name) is not null then
    return;
  end if;
  execute format('create table private.%I (like public.process_data_points including all)', v_name);
  execute format('alter table private.%I enable row level security', v_name);
  execute format('revoke all on private.%I from public, anon, authenticated, service_role', v_name);
  -- What came before its month was there.
  execute format('with moved as (delete from private.telemetry_rest where "timestamp" >= %L and "timestamp" < %L returning *) '
    'insert into private.%I select * from moved', v_from, v_to, v_name);
  execute format('alter table public.process_data_points attach partition private.%I for values from (%L) to (%L)', v_name, v_from, v_to);
end
$$;
comment on function private.keep_telemetry_month(timestamptz) is 'Makes the partition of a month (UTC) unless it is there.';

create function private.keep_telemetry_months(p_from timestamptz default now(), p_months integer default 36) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_before integer := (select count(*) from pg_catalog.pg_inherits i where i.inhparent = 'public.process_data_points'::regclass);
begin
  perform private.keep_telemetry_month(p_from + make_interval(months => m)) from generate_series(0, p_months - 1) m;
  return (select count(*) from pg_catalog.pg_inherits i where i.inhparent = 'public.process_data_points'::regclass) - v_before;
end
$$;
comment on function private.keep_telemetry_months(timestamptz, integer) is
  'Makes the partitions of the months ahead; how many were missing. Readings of a month without one lie in the rest, and are '
  'found there as well; they are moved when the month is made.';

create function private.sum_telemetry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into private.telemetry_sums as t (process_id, parameter_id, level, bucket, count, total, least, most, first_at, last_at,
    set_point, least_off, most_off)
  select r.process_id, r.parameter_id, l.level, floor(date_part('epoch', r."timestamp") / l.seconds)::bigint, count(*), sum(r.value),
    min(r.value), max(r.value), min(r."timestamp"), max(r."timestamp"),
    (array_agg(r.set_point order by r."timestamp" desc))[1], min(r.value - r.set_point), max(r.value - r.set_point)
  from readings r cross join (values (1, 10), (2, 160)) l (level, seconds)
  where r.value between -1e300 and 1e300
  group by 1, 2, 3, 4
  -- In one order, so that two writers of a run do not wait for each other in a circle.
  order by 1, 2, 3, 4
  on conflict (process_id, level, parameter_id, bucket) do update set
    count = t.count + excluded.count, total = t.total + excluded.total,
    least = least(t.least, excluded.least), most = greatest(t.most, excluded.most),
    set_point = case when excluded.last_at >= t.last_at then excluded.set_point else t.set_point end,
    first_at = least(t.first_at, excluded.first_at), last_at = greatest(t.last_at, excluded.last_at),
    least_off = least(t.least_off, excluded.least_off), most_off = greatest(t.most_off, excluded.most_off);
  return null;
end
$$;
comment on function private.sum_telemetry() is 'Adds new readings to the sums of their 10 s and 160 s.';
create trigger t80_sum after insert on public.process_data_points referencing new table as readings
  for each statement execute function private.sum_telemetry();

-- What was recorded before: kept where it is, as the partition of all time up to a month that nothing of it reaches.
do $$
declare
  v_until timestamptz := coalesce(
    (select date_trunc('month', greatest(max(d."timestamp"), now()), 'UTC') + interval '1 month' from private.telemetry_before d having count(*) > 0), now());
  v_constraint text;
begin
  if not exists (select 1 from private.telemetry_before) then
    drop table private.telemetry_before;
  else
    for v_constraint in
      select conname from pg_catalog.pg_constraint
      where conrelid = 'private.telemetry_before'::regclass and contype = 'f' and confrelid = 'public.component_parameters'::regclass
    loop
      execute format('alter table private.telemetry_before drop constraint %I', v_constraint);
    end loop;
    drop index private.process_data_points_by_series, private.process_data_points_by_parameter;
    drop policy process_data_points_read_by_people on private.telemetry_before;
    revoke all on private.telemetry_before from public, anon, authenticated, service_role;
    alter table private.telemetry_before add constraint telemetry_before_once primary key (process_id, parameter_id, "timestamp");
    execute format('alter table public.process_data_points attach partition private.telemetry_before for values from (minvalue) to (%L)', v_until);
    insert into private.telemetry_sums (process_id, parameter_id, level, bucket, count, total, least, most, first_at, last_at,
      set_point, least_off, most_off)
    select r.process_id, r.parameter_id, l.level, floor(date_part('epoch', r."timestamp") / l.seconds)::bigint, count(*), sum(r.value),
      min(r.value), max(r.value), min(r."timestamp"), max(r."timestamp"),
      (array_agg(r.set_point order by r."timestamp" desc))[1], min(r.value - r.set_point), max(r.value - r.set_point)
    from public.process_data_points r cross join (values (1, 10), (2, 160)) l (level, seconds)
    where r.value between -1e300 and 1e300
    group by 1, 2, 3, 4;
  end if;
  perform private.keep_telemetry_months(v_until);
end
$$;

create function private.telemetry_partitions() returns table (name text, until timestamptz, bytes bigint, readings bigint)
language sql stable set search_path = ''
as $$
  select c.relname::text,
    -- Of FOR VALUES FROM (…) TO ('…'); the rest has no end.
    substring(pg_catalog.pg_get_expr(c.relpartbound, c.oid) from $re$TO \('([^']+)'\)$re$)::timestamptz,
    pg_catalog.pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'public.process_data_points'::regclass
  order by 2 nulls last
$$;
comment on function private.telemetry_partitions() is
  'Partitions of the telemetry: end of each (exclusive, null for the rest), bytes on disk with indexes, readings as last counted by analyze.';

create function private.drop_telemetry(p_name text, p_before timestamptz) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  v record;
begin
  select * into v from private.telemetry_partitions() p where p.name = p_name and p.until <= p_before;
  if not found then
    return false;
  end if;
  execute format('alter table public.process_data_points detach partition private.%I', v.name);
  execute format('drop table private.%I', v.name);
  insert into public.audit_log (actor_role, action, before, reason)
  values (session_user, 'telemetry_removed', to_jsonb(v), format('Readings before %s are not kept.', p_before));
  return true;
end
$$;
comment on function private.drop_telemetry(text, timestamptz) is
  'Throws a partition away that ends before a moment, and says so in the audit log; false when there is none such. The sums stay.';

create function private.delete_telemetry_rest(p_before timestamptz, p_most integer default 50000) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.telemetry_rest d where d.ctid = any (array(
    select x.ctid from private.telemetry_rest x where x."timestamp" < p_before limit p_most));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function private.delete_telemetry_rest(timestamptz, integer) is 'Deletes old readings that lie in no month, a portion at a time; how many.';
revoke execute on all functions in schema private from public;

/* rollback
drop function if exists private.delete_telemetry_rest(timestamptz, integer), private.drop_telemetry(text, timestamptz),
  private.telemetry_partitions(), private.keep_telemetry_months(timestamptz, integer), private.keep_telemetry_month(timestamptz);
alter table if exists public.process_data_points set schema private;
alter table if exists private.process_data_points rename to telemetry_by_month;
drop index if exists private.process_data_points_by_time;
alter table if exists private.telemetry_by_month drop constraint if exists process_data_points_once;
create table if not exists public.process_data_points (
  id bigint generated always as identity primary key,
  process_id uuid not null references public.process_executions (id) on delete cascade,
  parameter_id uuid not null references public.component_parameters (id) on delete cascade,
  value double precision not null,
  set_point double precision,
  "timestamp" timestamptz not null,
  created_at timestamptz not null default now()
);
do $$
begin
  if to_regclass('private.telemetry_by_month') is not null then
    insert into public.process_data_points (process_id, parameter_id, value, set_point, "timestamp", created_at)
    select process_id, parameter_id, value, set_point, "timestamp", created_at from private.telemetry_by_month;
  end if;
end
$$;
drop table if exists private.telemetry_by_month, private.telemetry_sums;
drop function if exists private.sum_telemetry();
comment on table public.process_data_points is 'Telemetry of a run; timestamp is the controller''s clock.';
create unique index if not exists process_data_points_by_series on public.process_data_points (process_id, parameter_id, "timestamp");
create index if not exists process_data_points_by_parameter on public.process_data_points (parameter_id);
alter table public.process_data_points enable row level security;
revoke all on public.process_data_points from anon, authenticated, service_role;
grant select on public.process_data_points to authenticated;
grant all on public.process_data_points to service_role;
revoke delete, truncate on public.process_data_points from service_role;
drop policy if exists process_data_points_read_by_people on public.process_data_points;
create policy process_data_points_read_by_people on public.process_data_points for select to authenticated
  using ((select private.is_person()));
revoke all on sequence public.process_data_points_id_seq from anon, authenticated;
rollback */
