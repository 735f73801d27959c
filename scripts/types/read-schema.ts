import type { Client } from "pg";

export type Column = {
  name: string;
  type: string;
  isNullable: boolean;
  hasDefault: boolean;
  /** Generated or identity always: may be read, never written. */
  isReadOnly: boolean;
};
export type Relation = {
  name: string;
  isView: boolean;
  columns: Column[];
  relationships: Relationship[];
};
export type Relationship = {
  name: string;
  columns: string[];
  isOneToOne: boolean;
  relation: string;
  referencedColumns: string[];
};
type Argument = { name: string; type: string; isOptional: boolean; isNullable: boolean };
export type Routine = {
  name: string;
  arguments: Argument[];
  returns: string;
  isSet: boolean;
  /** Columns of `returns table (…)` or of out parameters. */
  columns: { name: string; type: string }[];
};
/** What the REST API shows of schema public; type names are Postgres' own, arrays with `[]`, own types with `public.`. */
export type Schema = {
  relations: Relation[];
  routines: Routine[];
  enums: { name: string; labels: string[] }[];
  composites: { name: string; columns: { name: string; type: string }[] }[];
};

/** Names a type so that a reader knows it without the catalog: `public.` before own ones, domains as what they hold. */
const TYPE_NAME = `
  create function pg_temp.type_name(p_type oid) returns text language sql stable as $$
    select case
      when t.typtype = 'd' then pg_temp.type_name_once(t.typbasetype)
      else pg_temp.type_name_once(t.oid) end
    from pg_catalog.pg_type t where t.oid = p_type $$`;
const TYPE_NAME_ONCE = `
  create function pg_temp.type_name_once(p_type oid) returns text language sql stable as $$
    select case
      when t.typcategory = 'A' then (select pg_temp.type_name_once(e.oid) || '[]' from pg_catalog.pg_type e where e.oid = t.typelem)
      when n.nspname = 'pg_catalog' then t.typname
      else n.nspname || '.' || t.typname end
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace where t.oid = p_type $$`;

const RELATIONS = `
  select c.relname as name, c.relkind in ('v', 'm') as "isView",
    (select json_agg(json_build_object(
       'name', a.attname, 'type', pg_temp.type_name(a.atttypid), 'isNullable', not a.attnotnull,
       'hasDefault', a.atthasdef or a.attidentity <> '', 'isReadOnly', a.attgenerated <> '' or a.attidentity = 'a')
       order by a.attname collate "C")
     from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    coalesce((select json_agg(json_build_object(
       'name', k.conname, 'relation', r.relname,
       'columns', (select json_agg(a.attname order by u.place) from unnest(k.conkey) with ordinality u(num, place)
                   join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num),
       'referencedColumns', (select json_agg(a.attname order by u.place) from unnest(k.confkey) with ordinality u(num, place)
                   join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num),
       'isOneToOne', exists (select from pg_catalog.pg_index i where i.indrelid = k.conrelid and i.indisunique and i.indpred is null
                   and i.indkey::int2[] <@ k.conkey and k.conkey <@ i.indkey::int2[]))
       order by k.conname collate "C")
     from pg_catalog.pg_constraint k join pg_catalog.pg_class r on r.oid = k.confrelid
     where k.conrelid = c.oid and k.contype = 'f' and r.relnamespace = c.relnamespace), '[]') as relationships
  from pg_catalog.pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
  order by c.relname collate "C"`;

/** Functions that anybody who comes through the API may execute; trigger functions are none. */
const ROUTINES = `
  select p.proname as name, pg_temp.type_name(p.prorettype) as returns, p.proretset as "isSet",
    coalesce((select json_agg(json_build_object(
       'name', coalesce(a.parameter_name, ''), 'type', pg_temp.type_name(coalesce(p.proallargtypes[a.ordinal_position], p.proargtypes[a.ordinal_position - 1])),
       'isOptional', a.parameter_default is not null, 'isNullable', coalesce(a.parameter_default ~* '^null(::|$)', false))
       order by a.ordinal_position)
     from information_schema.parameters a
     where a.specific_schema = 'public' and a.specific_name = p.proname || '_' || p.oid and a.parameter_mode in ('IN', 'INOUT')), '[]') as arguments,
    coalesce((select json_agg(json_build_object('name', p.proargnames[u.place], 'type', pg_temp.type_name(u.type)) order by u.place)
     from unnest(p.proallargtypes, p.proargmodes) with ordinality u(type, mode, place) where u.mode in ('o', 'b', 't')), '[]') as columns
  from pg_catalog.pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
    and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    and exists (select from unnest(array['anon', 'authenticated', 'service_role']) as who(role)
                where has_function_privilege(who.role, p.oid, 'execute'))
    and not exists (select from pg_catalog.pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by p.proname collate "C", pg_catalog.pg_get_function_identity_arguments(p.oid) collate "C"`;

const ENUMS = `
  select t.typname as name, json_agg(e.enumlabel order by e.enumsortorder) as labels
  from pg_catalog.pg_type t join pg_catalog.pg_enum e on e.enumtypid = t.oid
  where t.typnamespace = 'public'::regnamespace group by t.typname order by t.typname collate "C"`;

const COMPOSITES = `
  select t.typname as name,
    json_agg(json_build_object('name', a.attname, 'type', pg_temp.type_name(a.atttypid)) order by a.attname collate "C") as columns
  from pg_catalog.pg_type t join pg_catalog.pg_class c on c.oid = t.typrelid and c.relkind = 'c'
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where t.typnamespace = 'public'::regnamespace group by t.typname order by t.typname collate "C"`;

/** Reads schema public in an order that depends on names alone. */
export async function readSchema(client: Client): Promise<Schema> {
  await client.query(TYPE_NAME_ONCE);
  await client.query(TYPE_NAME);
  const read = async <T extends object>(sql: string): Promise<T[]> => (await client.query<T>(sql)).rows;
  return {
    relations: await read<Relation>(RELATIONS),
    routines: await read<Routine>(ROUTINES),
    enums: await read<Schema["enums"][number]>(ENUMS),
    composites: await read<Schema["composites"][number]>(COMPOSITES),
  };
}
