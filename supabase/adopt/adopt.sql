-- Prepares a database that already holds the tables of an existing control system. Run by `npm run migrate -- --adopt`,
-- first in the one transaction in which all migrations follow. Nothing is lost: every row that is changed or removed here
-- is kept as it was in private.adoption_log. The rules: what cannot be known is not made up; a run that its machine names, or
-- that gave a sign of life within ten minutes, goes on; a machine that claims to rest meanwhile is unknown, for a person to
-- reconcile; a machine without a run that claims to be working is offline.

create schema if not exists private;
create table private.adoption_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  table_name text not null,
  why text not null,
  before jsonb
);
comment on table private.adoption_log is 'Rows as they were before the database was taken over, and why each was changed.';

do $$
declare
  v_view text;
  v_own text;
  v_tables text;
begin
  select string_agg(c.relname, ', ') into v_view from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
    and c.relname in ('machines', 'machine_state', 'recipes', 'process_executions', 'process_execution_state');
  if v_view is not null then
    raise exception 'the database cannot be taken over: % is a view; make it a table again first', v_view;
  end if;
  select string_agg(c.relname, ', ' order by c.relname) into v_own from pg_class c
  where c.relnamespace = 'public'::regnamespace
    and c.relname in ('machine_commands', 'machine_leases', 'run_notes', 'audit_log', 'wait_step_config', 'machine_watchers');
  if v_own is not null then
    raise exception 'the database cannot be taken over: it has tables of its own named %; rename them first', v_own;
  end if;
  select string_agg(format('public.%I', c.relname), ', ' order by c.relname) into v_tables from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname in (
    'profiles', 'machines', 'machine_state', 'component_definitions', 'component_parameter_definitions', 'machine_components',
    'component_parameters', 'user_machine_assignments', 'recipes', 'recipe_steps', 'valve_step_config', 'purge_step_config',
    'wait_step_config', 'loop_step_config', 'parameter_step_config', 'recipe_parameters', 'operator_sessions', 'process_executions',
    'process_execution_state', 'step_execution_history', 'process_data_points');
  -- All at once, so that a controller in the middle of a run waits, and neither waits for the other.
  execute 'lock table ' || v_tables || ' in access exclusive mode';
end
$$;

create function pg_temp.has(p_table text) returns boolean language sql as $$ select to_regclass('public.' || p_table) is not null $$;

-- A word as it is compared: no capitals, one blank for whatever stands between its parts.
create function pg_temp.word(p_text text) returns text language sql as
  $$ select regexp_replace(lower(btrim(p_text, E' \t\r\n')), '[ _-]+', ' ', 'g') $$;

-- Changes (or, without p_set, removes) the rows of t that satisfy p_where, and keeps them as they were.
create function pg_temp.repair(p_table text, p_why text, p_where text, p_set text default null) returns void
language plpgsql as $$
begin
  execute format('insert into private.adoption_log (table_name, why, before) select %L, %L, to_jsonb(t) from public.%I t where %s',
    p_table, p_why, p_table, p_where);
  if p_set is null then
    execute format('delete from public.%I t where %s', p_table, p_where);
  else
    execute format('update public.%I t set %s where %s', p_table, p_set, p_where);
  end if;
end
$$;

-- Names that must differ and do not: all but the oldest get the beginning of their id behind them.
create function pg_temp.tell_apart(p_table text, p_name text, p_within text default 'true') returns void
language plpgsql as $$
begin
  if pg_temp.has(p_table) then
    perform pg_temp.repair(p_table, 'its name was taken', format(
      't.id in (select x.id from (select y.id, row_number() over (partition by %s, y.%I order by y.created_at, y.id) as n
        from public.%I y where y.%I is not null) x where x.n > 1)', p_within, p_name, p_table, p_name),
      format('%I = t.%I || '' '' || left(t.id::text, 8)', p_name, p_name));
  end if;
end
$$;

-- What earlier policies allowed, the feed carried and earlier functions did: the migrations say it anew.
do $$
declare
  v record;
begin
  for v in
    select p.polname, c.relname, to_jsonb(pp) as before from pg_policy p join pg_class c on c.oid = p.polrelid
    join pg_policies pp on pp.schemaname = 'public' and pp.tablename = c.relname and pp.policyname = p.polname
    where c.relnamespace = 'public'::regnamespace and c.relname in ('profiles', 'machines', 'machine_state', 'component_definitions',
      'component_parameter_definitions', 'machine_components', 'component_parameters', 'user_machine_assignments', 'recipes', 'recipe_steps',
      'valve_step_config', 'purge_step_config', 'loop_step_config', 'parameter_step_config', 'recipe_parameters', 'operator_sessions',
      'process_executions', 'process_execution_state', 'step_execution_history', 'process_data_points')
  loop
    insert into private.adoption_log (table_name, why, before) values (v.relname, 'a policy of its own', v.before);
    execute format('drop policy %I on public.%I', v.polname, v.relname);
  end loop;
  for v in
    select tablename from pg_publication_tables where pubname = 'supabase_realtime' and schemaname = 'public' and tablename in (
      'machines', 'machine_state', 'process_executions', 'process_execution_state', 'step_execution_history')
  loop
    execute format('alter publication supabase_realtime drop table public.%I', v.tablename);
  end loop;
  for v in
    select p.oid::regprocedure as name, p.proname, pg_get_functiondef(p.oid) as text from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname in ('atomic_update_machine_state', 'atomic_complete_machine_state',
      'atomic_error_machine_state', 'atomic_processing_machine_state')
  loop
    insert into private.adoption_log (table_name, why, before) values (v.proname, 'a function of this name', to_jsonb(v.text));
    execute 'drop function ' || v.name;
  end loop;
  -- Made anew under their own names by the migrations that belong to them.
  for v in
    select k.conname, k.conrelid::regclass as relation from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and cardinality(k.conkey) = 1 and (k.conrelid::regclass::text, a.attname) in (
      ('machines', 'current_process_id'), ('machine_state', 'process_id'), ('machine_state', 'failure_component'),
      ('operator_sessions', 'process_execution_id'))
  loop
    execute format('alter table %s drop constraint %I', v.relation, v.conname);
  end loop;
end
$$;

-- Triggers of the lab's own go on firing; who reads the log should know of them.
insert into private.adoption_log (table_name, why, before)
select c.relname, 'a trigger of its own stays', to_jsonb(pg_get_triggerdef(t.oid)) from pg_trigger t join pg_class c on c.oid = t.tgrelid
where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
  and t.tgname not in ('trg_process_state_history', 'trg_process_end_close_history')
  and c.relname in ('machines', 'machine_state', 'process_executions', 'process_execution_state', 'step_execution_history');

-- People. An unknown role reads; an unknown status keeps out.
do $$
begin
  if pg_temp.has('profiles') then
    perform pg_temp.repair('profiles', 'its role is written otherwise', $w$t.role not in ('viewer', 'operator', 'engineer', 'admin')$w$,
      $s$role = case
        when lower(t.role) in ('viewer', 'operator', 'engineer', 'admin') then lower(t.role)
        when lower(replace(t.role, '_', ' ')) in ('super admin', 'superadmin') then 'admin'
        when lower(replace(t.role, '_', ' ')) in ('machine admin', 'machineadmin') then 'engineer' else 'viewer' end$s$);
    perform pg_temp.repair('profiles', 'its status is written otherwise', $w$t.status is null or t.status not in ('active', 'disabled')$w$,
      $s$status = case when t.status is null or lower(t.status) = 'active' then 'active' else 'disabled' end$s$);
    perform pg_temp.tell_apart('profiles', 'username');
  end if;
  if pg_temp.has('user_machine_assignments') then
    perform pg_temp.repair('user_machine_assignments', 'its person is gone', 'not exists (select 1 from public.profiles p where p.id = t.user_id)');
    perform pg_temp.repair('user_machine_assignments', 'another one says the same', 't.id in (select x.id from (select y.id,
      row_number() over (partition by y.user_id, y.machine_id order by y.is_active desc nulls last, y.created_at, y.id) as n
      from public.user_machine_assignments y) x where x.n > 1)');
  end if;
end
$$;

-- Parts and recipes.
select pg_temp.tell_apart('component_definitions', 'name');
select pg_temp.tell_apart('component_parameter_definitions', 'name', 'y.component_definition_id');
select pg_temp.tell_apart('machine_components', 'name', 'y.machine_id');
select pg_temp.tell_apart('recipe_parameters', 'parameter_name', 'y.recipe_id');
do $$
begin
  if pg_temp.has('component_parameters') then
    insert into public.component_parameter_definitions (component_definition_id, name)
    select c.definition_id, 'parameter ' || left(p.id::text, 8) from public.component_parameters p
    join public.machine_components c on c.id = p.component_id where p.definition_id is null;
    perform pg_temp.repair('component_parameters', 'it had no definition', 't.definition_id is null',
      $s$definition_id = (select d.id from public.component_parameter_definitions d join public.machine_components c on c.definition_id = d.component_definition_id
        where c.id = t.component_id and d.name = 'parameter ' || left(t.id::text, 8))$s$);
    perform pg_temp.repair('component_parameters', 'its limits were the wrong way round', 't.min_value > t.max_value',
      'min_value = t.max_value, max_value = t.min_value');
  end if;
  if pg_temp.has('recipe_steps') then
    perform pg_temp.repair('recipe_steps', 'its type is written otherwise', $w$t.type not in ('valve', 'purge', 'loop', 'parameter', 'wait')
      and (lower(t.type) in ('valve', 'purge', 'loop', 'parameter', 'wait', 'set parameter', 'set_parameter', 'purging') or t.type ilike 'open valve%')$w$,
      $s$type = case when lower(t.type) in ('set parameter', 'set_parameter') then 'parameter' when lower(t.type) = 'purging' then 'purge'
        when t.type ilike 'open valve%' then 'valve' else lower(t.type) end$s$);
  end if;
  if pg_temp.has('parameter_step_config') then
    perform pg_temp.repair('parameter_step_config', 'a newer one is for the same step', 't.id in (select x.id from (select y.id,
      row_number() over (partition by y.step_id order by y.created_at desc, y.id) as n from public.parameter_step_config y) x where x.n > 1)');
  end if;
end
$$;

-- Runs, their machines and their steps. The triggers of the first step history would stamp repairs with the time of now.
do $$
begin
  if not pg_temp.has('process_executions') then
    return;
  end if;
  -- Made anew by 0006; until then one of them would hold on to the type of a column.
  drop trigger if exists trg_process_end_close_history on public.process_executions;
  alter table public.process_executions disable trigger user;
  alter table public.machines disable trigger user;
  alter table public.process_executions add column if not exists end_reason text;
  if exists (select from pg_attribute where attrelid = 'public.process_executions'::regclass and attname = 'status'
    and atttypid in ('text'::regtype, 'varchar'::regtype))
  then
    perform pg_temp.repair('process_executions', 'its status is written otherwise',
      $w$t.status is null or t.status not in ('preparing', 'running', 'paused', 'completed', 'failed', 'aborted')$w$,
      $s$status = case
        when pg_temp.word(t.status) in ('preparing', 'running', 'paused', 'completed', 'failed', 'aborted') then pg_temp.word(t.status)
        when pg_temp.word(t.status) in ('in progress', 'processing', 'started') then 'running'
        when pg_temp.word(t.status) in ('complete', 'done', 'finished') then 'completed'
        when pg_temp.word(t.status) in ('cancelled', 'canceled', 'stopped') then 'aborted' else 'failed' end$s$);
  end if;
  if pg_temp.has('process_execution_state') then
    perform pg_temp.repair('process_execution_state', 'a newer one is for the same run', 't.id in (select x.id from (select y.id,
      row_number() over (partition by y.execution_id order by y.last_updated desc nulls last, y.id) as n
      from public.process_execution_state y) x where x.n > 1)');
  end if;

  create temporary table words on commit drop as
  select m.id, pg_temp.word(m.status) as word, pg_temp.word(m.status) in ('idle', 'offline', 'inactive', 'error', 'maintenance') as rests
  from public.machines m;
  create temporary table alive on commit drop as
  select distinct on (r.machine_id) r.machine_id, r.id as run_id
  from public.process_executions r
  join public.machines m on m.id = r.machine_id
  join words w on w.id = m.id
  left join public.process_execution_state s on s.execution_id = r.id
  where r.status in ('preparing', 'running', 'paused') and (
    (m.current_process_id = r.id and not w.rests)
    or greatest(r.start_time, s.last_updated) > now() - interval '10 minutes')
  order by r.machine_id, (m.current_process_id = r.id) desc nulls last, r.start_time desc;

  perform pg_temp.repair('process_executions', 'it was left running',
    $w$t.status in ('preparing', 'running', 'paused') and not exists (select 1 from alive a where a.run_id = t.id)$w$,
    $s$status = 'failed', end_reason = 'interrupted',
      error_message = coalesce(t.error_message, 'Left running by an earlier controller; ended when the database was taken over.'),
      end_time = greatest(t.start_time, t.updated_at, (select s.last_updated from public.process_execution_state s where s.execution_id = t.id))$s$);
  perform pg_temp.repair('process_executions', 'it had no end, or ended before it began',
    $w$t.status in ('completed', 'failed', 'aborted') and (t.end_time is null or t.end_time < t.start_time)$w$,
    'end_time = greatest(t.start_time, coalesce(t.end_time, t.updated_at))');
  alter table public.process_executions enable trigger user;

  create temporary table wanted on commit drop as
  select w.id, a.run_id, case
      when a.run_id is not null then case when w.rests or w.word = 'unknown' then 'unknown' when w.word = 'stopping' then 'stopping' else 'processing' end
      when w.word in ('idle', 'error', 'maintenance') then w.word
      else 'offline'
    end as status
  from words w left join alive a on a.machine_id = w.id;
  perform pg_temp.repair('machines', 'its status or run did not agree with its runs',
    'exists (select 1 from wanted w where w.id = t.id and (w.status, w.run_id) is distinct from (t.status, t.current_process_id))',
    '(status, current_process_id) = (select w.status, w.run_id from wanted w where w.id = t.id)');
  alter table public.machines enable trigger user;
  alter table public.machines add column if not exists name text;
  update public.machines set name = serial_number where name is null;

  if pg_temp.has('machine_state') then
    perform pg_temp.repair('machine_state', 'its machine is gone', 'not exists (select 1 from public.machines m where m.id = t.machine_id)');
    perform pg_temp.repair('machine_state', 'it did not agree with its machine', $w$exists (select 1 from public.machines m
        where m.id = t.machine_id and (m.status, m.current_process_id) is distinct from (t.current_state::text, t.process_id))$w$,
      $s$(current_state, process_id, is_failure_mode) = (select m.status, m.current_process_id, m.status = 'error' from public.machines m where m.id = t.machine_id)$s$);
  end if;
  if pg_temp.has('operator_sessions') then
    perform pg_temp.repair('operator_sessions', 'its status is written otherwise', $w$t.session_status not in ('active', 'ended')$w$,
      $s$session_status = case when lower(t.session_status) = 'active' then 'active' else 'ended' end$s$);
  end if;
  if pg_temp.has('step_execution_history') then
    perform pg_temp.repair('step_execution_history', 'it is no step: it was opened by the end of its run', $w$lower(t.step_type) in ('completed', 'error')$w$);
    alter table public.step_execution_history alter column step_number drop not null, alter column step_type drop not null;
    -- The 0007 that follows numbers the rows and counts on a start for each.
    perform pg_temp.repair('step_execution_history', 'it had no start', 't.started_at is null', 'started_at = coalesce(t.created_at, t.ended_at, now())');
    update public.step_execution_history set parameters = '{}' where parameters is null;
  end if;
  if pg_temp.has('process_data_points') then
    create temporary table same_moment on commit drop as
    select x.id, x.n from (select y.id, row_number() over (partition by y.process_id, y.parameter_id, y."timestamp" order by y.created_at, y.id) - 1 as n
      from public.process_data_points y) x where x.n > 0;
    perform pg_temp.repair('process_data_points', 'another reading had the same moment', 't.id in (select d.id from same_moment d)',
      '"timestamp" = t."timestamp" + (select d.n from same_moment d where d.id = t.id) * interval ''1 microsecond''');
  end if;
end
$$;

-- Brings a table that was there into the shape a migration would have made it in: adoption_shape.t, made by that migration.
create schema adoption_shape;
create function pg_temp.graft_columns(p_table text) returns void
language plpgsql as $$
declare
  v record;
  v_filled bigint;
begin
  for v in
    select s.attname, format_type(s.atttypid, s.atttypmod) as type, s.attnotnull as is_required, s.attidentity <> '' as is_identity,
      pg_get_expr(d.adbin, d.adrelid) as fill, t.attname is not null as is_there, t.attnotnull as was_required,
      format_type(t.atttypid, t.atttypmod) as old_type
    from pg_attribute s
    left join pg_attrdef d on d.adrelid = s.attrelid and d.adnum = s.attnum
    left join pg_attribute t on t.attrelid = to_regclass('public.' || p_table) and t.attname = s.attname and not t.attisdropped
    where s.attrelid = to_regclass('adoption_shape.' || p_table) and s.attnum > 0 and not s.attisdropped
    order by s.attnum
  loop
    if not v.is_there then
      execute format('alter table public.%I add column %I %s %s', p_table, v.attname, v.type, coalesce('default ' || v.fill, ''));
    elsif v.type <> v.old_type then
      -- Ids of readings are named by nobody.
      if (p_table, v.attname) = ('process_data_points', 'id') then
        insert into private.adoption_log (table_name, why) values (p_table, format('column %s stays %s', v.attname, v.old_type));
        continue;
      end if;
      begin
        execute format('alter table public.%I alter column %I drop default', p_table, v.attname);
        execute format('alter table public.%I alter column %I type %s using %s', p_table, v.attname, v.type, format(case
          when v.old_type = 'timestamp without time zone' then '%I at time zone ''utc''' else '%I::%s' end, v.attname, v.type));
      exception when others then
        raise exception 'the database cannot be taken over: public.%.% is %, not %, and cannot be made so (%)',
          p_table, v.attname, v.old_type, v.type, sqlerrm;
      end;
    end if;
    if v.fill is not null then
      execute format('alter table public.%I alter column %I set default %s', p_table, v.attname, v.fill);
      if v.is_required and v.is_there and not v.was_required then
        execute format('update public.%I set %I = default where %I is null', p_table, v.attname, v.attname);
        get diagnostics v_filled = row_count;
        insert into private.adoption_log (table_name, why) select p_table, format('%s rows had no %s', v_filled, v.attname) where v_filled > 0;
      end if;
    end if;
    execute format('alter table public.%I alter column %I %s not null', p_table, v.attname, case when v.is_required then 'set' else 'drop' end);
  end loop;
end
$$;

create function pg_temp.graft_constraints(p_table text) returns void
language plpgsql as $$
declare
  v record;
  v_old record;
begin
  for v in
    select k.conname, k.contype, pg_get_constraintdef(k.oid) as definition, a.attname, k.confdeltype,
      replace(k.confrelid::regclass::text, 'adoption_shape.', 'public.') as target, fa.attname as target_column
    from pg_constraint k
    left join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    left join pg_attribute fa on fa.attrelid = k.confrelid and fa.attnum = k.confkey[1]
    where k.conrelid = to_regclass('adoption_shape.' || p_table) and k.contype in ('p', 'u', 'c', 'f')
    order by array_position(array['p', 'u', 'c', 'f']::"char"[], k.contype), k.conname
  loop
    select k.conname, pg_get_constraintdef(k.oid) as definition into v_old from pg_constraint k
    where k.conrelid = to_regclass('public.' || p_table) and k.contype = v.contype
      and (pg_get_constraintdef(k.oid) = replace(v.definition, 'adoption_shape.', 'public.') or v.contype = 'p'
        or (v.contype = 'f' and k.conkey = array[(select x.attnum from pg_attribute x where x.attrelid = k.conrelid and x.attname = v.attname)]))
    order by pg_get_constraintdef(k.oid) = replace(v.definition, 'adoption_shape.', 'public.') desc limit 1;
    if found and (v.contype = 'p' or v_old.definition = replace(v.definition, 'adoption_shape.', 'public.')) then
      if v_old.conname <> v.conname then
        execute format('alter table public.%I rename constraint %I to %I', p_table, v_old.conname, v.conname);
      end if;
      continue;
    end if;
    if found then
      execute format('alter table public.%I drop constraint %I', p_table, v_old.conname);
    end if;
    execute format('alter table public.%I drop constraint if exists %I', p_table, v.conname);
    if v.contype = 'f' and v.confdeltype = 'n' then
      perform pg_temp.repair(p_table, format('what its %s named is gone', v.attname),
        format('t.%I is not null and not exists (select 1 from %s x where x.%I = t.%I)', v.attname, v.target, v.target_column, v.attname),
        format('%I = null', v.attname));
    end if;
    execute format('alter table public.%I add constraint %I %s%s', p_table, v.conname,
      replace(v.definition, 'adoption_shape.', 'public.'), case when v.contype in ('c', 'f') then ' not valid' else '' end);
    if v.contype in ('c', 'f') then
      begin
        execute format('alter table public.%I validate constraint %I', p_table, v.conname);
      exception when check_violation or foreign_key_violation then
        insert into private.adoption_log (table_name, why) values (p_table, format('%s does not hold for rows that were there: %s', v.conname, sqlerrm));
      end;
    end if;
  end loop;
end
$$;

create function pg_temp.graft(p_table text) returns void
language plpgsql as $$
begin
  perform pg_temp.graft_columns(p_table);
  perform pg_temp.graft_constraints(p_table);
  execute format('drop table adoption_shape.%I', p_table);
end
$$;
