-- What the doses of a run weighed, on the axis of its timeline. Few controllers have a balance in their chamber: the doses
-- that were weighed are found by an index of their own. Written by: record_step. Read by: every person.

create index step_execution_history_weighed on public.step_execution_history (process_id, seq) where pulse ? 'mass_gain_ng_cm2';

create function public.run_mass_gain(
  p_run_id uuid, p_from_ms double precision default null, p_to_ms double precision default null, p_buckets integer default 600
) returns json
language sql stable security invoker set search_path = '' set jit = 'off' set enable_seqscan = 'off' set plan_cache_mode = 'force_custom_plan'
as $$
  with doses as materialized (
    select date_part('epoch', h.device_started_at - private.run_begins(p_run_id)) * 1000 as at_ms, (h.pulse ->> 'mass_gain_ng_cm2')::double precision as gain
    from public.step_execution_history h
    where h.process_id = p_run_id and h.pulse ? 'mass_gain_ng_cm2' and jsonb_typeof(h.pulse -> 'mass_gain_ng_cm2') = 'number'
      and h.device_started_at is not null and abs((h.pulse ->> 'mass_gain_ng_cm2')::numeric) <= 1e9
  ), asked as (
    -- An end that is not given, or absurd, is that of the run.
    select greatest(least(nullif(p_from_ms, 'NaN'), nullif(p_to_ms, 'NaN')), min(d.at_ms)) as from_ms,
      least(greatest(nullif(p_from_ms, 'NaN'), nullif(p_to_ms, 'NaN')), max(d.at_ms)) as to_ms
    from doses d
  ), buckets as (
    select avg(d.at_ms) as at_ms, min(d.gain) as least, avg(d.gain) as mean, max(d.gain) as most
    from doses d cross join asked a
    where d.at_ms between a.from_ms and a.to_ms
    group by floor((d.at_ms - a.from_ms) / greatest((a.to_ms - a.from_ms) / least(greatest(coalesce(p_buckets, 600), 10), 2000), 0.001))
  )
  select json_build_object('doses', (select count(*) from doses),
    'points', (select coalesce(json_agg(json_build_array(round(b.at_ms * 10) / 10, b.least, round(b.mean::numeric, 6), b.most) order by b.at_ms), '[]'::json) from buckets b))
  from public.process_executions r where r.id = p_run_id
$$;
comment on function public.run_mass_gain(uuid, double precision, double precision, integer) is
  'Mass gained per dose in ng/cm², in at most p_buckets points [ms, least, mean, most] on the axis of run_timeline, and how many doses of the run were weighed. Null: no such run.';
revoke execute on function public.run_mass_gain(uuid, double precision, double precision, integer) from public, anon;
grant execute on function public.run_mass_gain(uuid, double precision, double precision, integer) to authenticated, service_role;

/* rollback
drop function public.run_mass_gain(uuid, double precision, double precision, integer);
drop index public.step_execution_history_weighed;
rollback */
