-- What the embedded Realtime server asks of Postgres. Called by its own connections only, as the role of the
-- database URL; each function leaves the role as it found it. Applied at every start, so every statement repeats.
-- Names resolve in pg_catalog first, and everything else is qualified: the search_path stays the session's, because
-- the policies that run inside must see the one PostgREST would give them.

-- Two servers may start on one database at the same moment; this text runs as one transaction.
select pg_advisory_xact_lock(hashtext('pulseboard realtime schema'));

create schema if not exists realtime;

do $$
begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end
$$;

-- SQL for one condition over v.value (text): the operators of PostgREST, null-safe, never true for an unknown.
create or replace function realtime.filter_condition(p_filter jsonb, p_type regtype) returns text
language plpgsql stable as $$
declare
  v_value text := p_filter ->> 'value';
  v_not text := case when (p_filter ->> 'negate')::boolean then 'not' else '' end;
  v_symbol text := case p_filter ->> 'op'
    when 'eq' then '=' when 'neq' then '<>' when 'lt' then '<' when 'lte' then '<=' when 'gt' then '>'
    when 'gte' then '>=' when 'like' then 'like' when 'ilike' then 'ilike' when 'match' then '~'
    when 'imatch' then '~*' end;
begin
  case p_filter ->> 'op'
    when 'is' then
      if v_value not in ('null', 'true', 'false', 'unknown') then
        raise exception 'invalid value for is filter: must be null, true, false, or unknown';
      end if;
      return format('v.value::%s is %s %s', p_type, v_not, v_value);
    when 'isdistinct' then
      return format('%s (v.value::%s is distinct from %L::%s)', v_not, p_type, v_value, p_type);
    when 'in' then
      return format('%s (v.value::%s = any (%L::%s[]))', v_not, p_type, v_value, p_type);
    else
      return format('%s (v.value::%s %s %L::%s)', v_not, p_type, v_symbol, v_value, p_type);
  end case;
end
$$;

-- A value as its type writes it, which is how the log shows it; `::text` would make `true` of the boolean `t`.
create or replace function realtime.output_text(p_value anyelement) returns text
language sql stable as $$
  select case when p_value is null then null else format('%s', p_value) end
$$;

-- Is equality of the type the same as equality of its text? Then a filter on it needs no SQL per change.
create or replace function realtime.has_canonical_text(p_type regtype, p_collation oid) returns boolean
language sql stable as $$
  select (t.typtype = 'e' or t.oid = any (array['boolean', 'smallint', 'integer', 'bigint', 'uuid', 'date',
           'timestamptz', 'timestamp', 'text', 'varchar']::regtype[]))
     and coalesce((select c.collisdeterministic from pg_collation c where c.oid = p_collation), true)
  from pg_type t where t.oid = p_type
$$;

-- One filter of a binding, checked against the column it names for the role that asks, with the canonical text of
-- its operands when text comparison is exact ("texts"; null means compare in SQL). Raises what is wrong with it.
create or replace function realtime.compile_filter(p_table regclass, p_role text, p_filter jsonb) returns jsonb
language plpgsql stable as $$
declare
  v_column pg_attribute;
  v_type regtype;
  v_value text := p_filter ->> 'value';
  v_texts text[];
begin
  select * into v_column from pg_attribute a
   where a.attrelid = p_table and a.attname = p_filter ->> 'column' and a.attnum > 0 and not a.attisdropped
     and has_column_privilege(p_role, p_table, a.attnum, 'SELECT');
  if not found then
    raise exception 'invalid column for filter %', p_filter ->> 'column';
  end if;
  v_type := v_column.atttypid;
  if p_filter ->> 'op' = 'in' then
    execute format('select array_agg(realtime.output_text(x)) from unnest(%L::%s[]) x', v_value, v_type) into v_texts;
    if cardinality(v_texts) > 100 then
      raise exception 'too many values for `in` filter. Maximum 100';
    end if;
  elsif p_filter ->> 'op' = 'is' then
    if v_value <> 'null' and v_type <> 'boolean'::regtype then
      raise exception 'is % filter requires a boolean column, got %', v_value, v_type;
    end if;
  elsif p_filter ->> 'op' in ('eq', 'neq', 'isdistinct') then
    execute format('select array[realtime.output_text(%L::%s)]', v_value, v_type) into v_texts;
  end if;
  begin
    execute 'select 1 from (values (null::text)) v(value) where ' || realtime.filter_condition(p_filter, v_type);
    if p_filter ->> 'op' in ('match', 'imatch') then
      perform '' ~ v_value;
    end if;
  exception when others then
    raise exception 'operator % is not supported on column % of type %: %',
      p_filter ->> 'op', p_filter ->> 'column', v_type, sqlerrm;
  end;
  if array_position(v_texts, null) is not null or not realtime.has_canonical_text(v_type, v_column.attcollation) then
    v_texts := null;
  end if;
  return p_filter || jsonb_build_object('texts', to_jsonb(v_texts));
end
$$;

-- The bindings of one channel ([{schema, table, filters, select}]), with compiled filters, in order; raises for
-- the first that cannot be subscribed. `*` stands for every schema or table.
create or replace function realtime.compile_bindings(p_publication text, p_role text, p_bindings jsonb) returns jsonb
language plpgsql stable as $$
declare
  v_binding jsonb;
  v_table regclass;
  v_filters jsonb;
  v_column text;
  v_result jsonb := '[]';
begin
  if to_regrole(quote_ident(p_role)) is null then
    raise exception 'role "%" does not exist', p_role;
  end if;
  for v_binding in select value from jsonb_array_elements(p_bindings) loop
    select format('%I.%I', t.schemaname, t.tablename)::regclass into v_table
      from pg_publication_tables t
     where t.pubname = p_publication and v_binding ->> 'schema' in ('*', t.schemaname)
       and v_binding ->> 'table' in ('*', t.tablename)
     limit 1;
    if not found then
      raise exception using errcode = 'no_data_found',
        message = 'Please check Realtime is enabled for the given connect parameters';
    end if;
    select coalesce(jsonb_agg(realtime.compile_filter(v_table, p_role, f.value) order by f.ordinality), '[]')
      into v_filters from jsonb_array_elements(v_binding -> 'filters') with ordinality f;
    for v_column in select value from jsonb_array_elements_text(nullif(v_binding -> 'select', 'null')) loop
      if not exists (select from pg_attribute a
                      where a.attrelid = v_table and a.attname = v_column and a.attnum > 0 and not a.attisdropped
                        and has_column_privilege(p_role, v_table, a.attnum, 'SELECT')) then
        raise exception 'invalid column for select %', v_column;
      end if;
    end loop;
    v_result := v_result || jsonb_build_array(v_filters);
  end loop;
  return v_result;
end
$$;

-- A change can be read from the log a moment before its transaction is visible to others: a row check at that
-- moment would lose it. Waits until none of the transactions (32-bit ids) is in progress, at most two seconds.
create or replace function realtime.await_visible(p_xids bigint[]) returns void
language plpgsql volatile as $$
declare
  v_give_up timestamptz := clock_timestamp() + interval '2 seconds';
  v_snapshot pg_snapshot;
  v_xmax bigint;
begin
  loop
    v_snapshot := pg_current_snapshot();
    v_xmax := pg_snapshot_xmax(v_snapshot)::text::bigint;
    exit when clock_timestamp() > v_give_up or not exists (
      select from unnest(p_xids) x,
             lateral (select (v_xmax & ~4294967295::bigint) | x as id) same_epoch,
             lateral (select case when id > v_xmax + 2147483648 then id - 4294967296 else id end as id) full_xid
       where not pg_visible_in_snapshot(full_xid.id::text::xid8, v_snapshot));
    perform pg_sleep(0.0005);
  end loop;
end
$$;

-- Which of the rows (numbers) a person with these claims can select by primary key now. The error of a policy, or a
-- missing grant, is that person's alone: it comes back as a value, and the role is reset whatever happens.
create or replace function realtime.rows_seen(p_statement text, p_rows jsonb, p_claims jsonb) returns jsonb
language plpgsql volatile as $$
declare
  v_seen int[];
begin
  begin
    perform set_config('request.jwt.claims', p_claims::text, true), set_config('role', p_claims ->> 'role', true);
    execute p_statement into v_seen using p_rows;
  exception when others then
    perform set_config('role', 'none', true);
    return jsonb_build_object('error', sqlerrm);
  end;
  perform set_config('role', 'none', true), set_config('request.jwt.claims', '', true);
  return to_jsonb(v_seen);
end
$$;

-- Everything the server must know about the changes of one table, see Check in visibility.ts.
create or replace function realtime.check_table(p_job jsonb) returns jsonb
language plpgsql volatile as $$
declare
  v_table oid := (p_job ->> 'table')::oid;
  v_name text;
  v_has_rls boolean;
  v_columns jsonb;
  v_statement text;
  v_passed jsonb := '[]';
  v_filter jsonb;
  v_rows jsonb;
  v_generated jsonb := realtime.generated_values(p_job -> 'generated', p_job -> 'bases');
begin
  select format('%I.%I', n.nspname, c.relname), c.relrowsecurity into v_name, v_has_rls
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = v_table;
  if not found then
    return null;
  end if;
  select coalesce(jsonb_object_agg(r.role, (
           select coalesce(jsonb_agg(a.attname), '[]') from pg_attribute a
            where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped
              and has_column_privilege(r.role, v_table, a.attnum, 'SELECT'))), '{}')
    into v_columns
    from jsonb_array_elements_text(p_job -> 'roles') r(role) where to_regrole(quote_ident(r.role)) is not null;
  for v_filter in select value from jsonb_array_elements(p_job -> 'filters') loop
    v_passed := v_passed || jsonb_build_array(realtime.rows_passing(v_table, v_filter, v_generated));
  end loop;
  -- One look by key for each row, however long the table: as a plain join, the planner reads all of a table that is not yet
  -- very long, since it cannot know that few rows are asked for.
  select format(
           'select coalesce(array_agg(k.__row), ''{}'') from (select __row, %s from jsonb_to_recordset($1) '
           'as r(__row int, %s)) k cross join lateral (select from %s t where %s limit 1) seen',
           string_agg(format('%1$I::%2$s as %1$I', a.attname, a.type), ', '),
           string_agg(format('%I text', a.attname), ', '), v_name,
           string_agg(format('t.%1$I = k.%1$I', a.attname), ' and '))
    into v_statement
    from jsonb_array_elements_text(p_job -> 'key') k(name)
    join (select attname, format_type(atttypid, atttypmod) as type from pg_attribute
           where attrelid = v_table and not attisdropped) a on a.attname = k.name;
  select coalesce(jsonb_agg(case when v_statement is null then '[]'
                                 when v_has_rls
                                 then realtime.rows_seen(v_statement, c.value -> 'rows', c.value -> 'claims')
                                 else (select coalesce(jsonb_agg(r.value -> '__row'), '[]')
                                         from jsonb_array_elements(c.value -> 'rows') r) end
                            order by c.ordinality), '[]')
    into v_rows from jsonb_array_elements(p_job -> 'claims') with ordinality c;
  return jsonb_build_object('hasRls', v_has_rls, 'columns', v_columns, 'passed', v_passed, 'seen', v_rows,
                            'generated', v_generated);
end
$$;

-- Which of the filter's rows pass it: "values" holds their texts, null when the column is a generated one. A filter
-- that no longer fits its column passes none.
create or replace function realtime.rows_passing(p_table oid, p_filter jsonb, p_generated jsonb) returns jsonb
language plpgsql volatile as $$
declare
  v_column text := p_filter ->> 'column';
  v_type regtype := (select a.atttypid from pg_attribute a
                      where a.attrelid = p_table and a.attname = v_column and not a.attisdropped);
  v_passing jsonb;
begin
  execute 'select coalesce(jsonb_agg(v.row), ''[]'') from (select r.value::int as row, '
          'case jsonb_typeof($2) when ''array'' then $2 ->> (r.position - 1)::int '
          'else $3 -> r.value::int ->> $4 end as value '
          'from jsonb_array_elements_text($1) with ordinality r(value, position)) v where '
          || realtime.filter_condition(p_filter, v_type)
     into v_passing using p_filter -> 'rows', p_filter -> 'values', p_generated, v_column;
  return v_passing;
exception when others then
  return jsonb_build_object('error', sqlerrm);
end
$$;

-- pgoutput of Postgres 17 leaves stored generated columns out; their expressions depend on the row alone, so they
-- are worked out again from the row's own values ("bases", text) as they were at the change.
create or replace function realtime.generated_values(p_columns jsonb, p_bases jsonb) returns jsonb
language plpgsql volatile as $$
declare
  v_statement text;
  v_values jsonb;
begin
  if coalesce(jsonb_array_length(p_columns), 0) = 0 or coalesce(jsonb_array_length(p_bases), 0) = 0 then
    return '[]';
  end if;
  select format(
           'select jsonb_agg(jsonb_build_object(%s) order by __row) from (select __row, %s from '
           'jsonb_to_recordset($1) as r(__row int, %s)) t',
           (select string_agg(format('%L, realtime.output_text(%s)', c ->> 'name', c ->> 'expression'), ', ')
              from jsonb_array_elements(p_columns) c),
           string_agg(distinct format('%1$I::%2$s as %1$I', b.key, b.value), ', '),
           string_agg(distinct format('%I text', b.key), ', '))
    into v_statement
    from jsonb_array_elements(p_columns) c, jsonb_each_text(c -> 'bases') b;
  execute v_statement into v_values using p_bases;
  return v_values;
exception when others then
  return jsonb_build_object('error', sqlerrm);
end
$$;

-- The one round trip of a batch: the checks of each table, in order.
create or replace function realtime.check_changes(p_xids bigint[], p_jobs jsonb) returns jsonb
language plpgsql volatile as $$
declare
  v_job jsonb;
  v_checks jsonb := '[]';
begin
  perform realtime.await_visible(p_xids);
  for v_job in select value from jsonb_array_elements(p_jobs) loop
    v_checks := v_checks || jsonb_build_array(realtime.check_table(v_job));
  end loop;
  return v_checks;
end
$$;

-- Tables as the server needs them: primary key, columns in order, how generated ones are worked out.
create or replace function realtime.describe_tables(p_tables oid[]) returns jsonb
language sql stable as $$
  select coalesce(jsonb_object_agg(c.oid::text, jsonb_build_object(
    'key', (select coalesce(jsonb_agg(a.attname), '[]') from pg_index i
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
             where i.indrelid = c.oid and i.indisprimary),
    'columns', (select jsonb_agg(jsonb_build_object('name', a.attname, 'typeOid', a.atttypid::bigint)
                                 order by a.attnum)
                  from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
    'generated', (select coalesce(jsonb_agg(jsonb_build_object(
                           'name', a.attname, 'expression', pg_get_expr(d.adbin, d.adrelid),
                           'bases', (select coalesce(jsonb_object_agg(b.attname, format_type(b.atttypid, b.atttypmod)), '{}')
                                       from pg_depend u join pg_attribute b on b.attrelid = c.oid and b.attnum = u.refobjsubid
                                      where u.classid = 'pg_attrdef'::regclass and u.objid = d.oid
                                        and u.refobjid = c.oid and u.deptype = 'n'))), '[]')
                    from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                   where a.attrelid = c.oid and a.attgenerated = 's' and not a.attisdropped)
  )), '{}')
  from pg_class c where c.oid = any (p_tables)
$$;

do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p
     where p.pronamespace = 'realtime'::regnamespace
       and p.proname in ('output_text', 'filter_condition', 'has_canonical_text', 'compile_filter', 'compile_bindings',
                         'await_visible', 'rows_seen', 'check_table', 'rows_passing', 'generated_values',
                         'check_changes', 'describe_tables')
  loop
    execute format('revoke execute on function %s from public, anon, authenticated, service_role', v_function);
  end loop;
end
$$;
