import type { Client } from "pg";

/** Every object people make with migrations, keyed by what it is and its name, with the definition that tells two apart. */
export type Catalog = Map<string, string>;
export type CatalogDifference = { created: string[]; changed: string[]; dropped: string[] };

const OBJECTS = `
  with spaces as (
    select oid, nspname from pg_catalog.pg_namespace
    where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'supabase_migrations')
  )
  select 'schema ' || nspname as key, '' as definition from spaces
  union all
  select case c.relkind when 'v' then 'view ' when 'm' then 'materialized view ' when 'S' then 'sequence ' else 'table ' end
         || n.nspname || '.' || c.relname,
         case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) else '' end
         || case when c.relrowsecurity then ' row level security' else '' end
  from pg_catalog.pg_class c join spaces n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  union all
  select 'column ' || n.nspname || '.' || c.relname || '.' || a.attname,
         pg_catalog.format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
         || coalesce(' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
  from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join spaces n on n.oid = c.relnamespace
       left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
  union all
  select 'index ' || n.nspname || '.' || c.relname, pg_catalog.pg_get_indexdef(c.oid)
  from pg_catalog.pg_class c join spaces n on n.oid = c.relnamespace where c.relkind in ('i', 'I')
  union all
  select 'constraint ' || k.conname || ' on ' || n.nspname || '.' || c.relname, pg_catalog.pg_get_constraintdef(k.oid)
  from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid join spaces n on n.oid = c.relnamespace
  where k.contype <> 'n'
  union all
  select case t.typtype when 'd' then 'domain ' else 'type ' end || n.nspname || '.' || t.typname,
         coalesce((select pg_catalog.string_agg(e.enumlabel, ', ' order by e.enumsortorder)
                   from pg_catalog.pg_enum e where e.enumtypid = t.oid), '')
  from pg_catalog.pg_type t join spaces n on n.oid = t.typnamespace left join pg_catalog.pg_class c on c.oid = t.typrelid
  where t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c')
  union all
  select case p.prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' else 'function ' end
         || n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
         case when p.prokind = 'a' then '' else pg_catalog.pg_get_functiondef(p.oid) end
  from pg_catalog.pg_proc p join spaces n on n.oid = p.pronamespace
  union all
  select 'trigger ' || t.tgname || ' on ' || n.nspname || '.' || c.relname, pg_catalog.pg_get_triggerdef(t.oid) || t.tgenabled::text
  from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join spaces n on n.oid = c.relnamespace
  where not t.tgisinternal
  union all
  select 'policy "' || p.polname || '" on ' || n.nspname || '.' || c.relname,
         p.polcmd::text || p.polpermissive::text || p.polroles::text
         || coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '')
         || ' check ' || coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
  from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid join spaces n on n.oid = c.relnamespace
  union all
  select 'grants on ' || n.nspname || '.' || c.relname,
         coalesce(c.relacl::text, '') || coalesce((select pg_catalog.string_agg(a.attname || a.attacl::text, ' ' order by a.attnum)
                                                   from pg_catalog.pg_attribute a where a.attrelid = c.oid), '')
  from pg_catalog.pg_class c join spaces n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  union all
  select 'grants on ' || n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
         coalesce(p.proacl::text, '')
  from pg_catalog.pg_proc p join spaces n on n.oid = p.pronamespace
  union all
  select 'publication ' || pubname, '' from pg_catalog.pg_publication
  union all
  select 'published ' || schemaname || '.' || tablename || ' in ' || pubname, '' from pg_catalog.pg_publication_tables
  union all
  select 'extension ' || extname, extversion from pg_catalog.pg_extension`;

/** Reads the catalog as this transaction sees it; system schemas and the migration history itself are left out. */
export async function readCatalog(client: Client): Promise<Catalog> {
  const { rows } = await client.query<{ key: string; definition: string }>(OBJECTS);
  return new Map(rows.map((row) => [row.key, row.definition]));
}

/**
 * What happened between two readings; each list in the order of a reader: tables, columns, indexes, …, by name. Grants come
 * and go with what they are on, so only changed ones are told.
 */
export function compareCatalogs(before: Catalog, after: Catalog): CatalogDifference {
  const describe = (key: string, catalog: Catalog): string =>
    key.startsWith("column ") ? `${key} ${catalog.get(key) ?? ""}`.trim() : key;
  const pick = (keys: Iterable<string>, wanted: (key: string) => boolean, catalog: Catalog): string[] =>
    [...keys]
      .filter(wanted)
      .sort(byKindThenName)
      .map((key) => describe(key, catalog));
  return {
    created: pick(after.keys(), (key) => !before.has(key) && !isGrant(key), after),
    changed: pick(after.keys(), (key) => before.has(key) && before.get(key) !== after.get(key), after),
    dropped: pick(before.keys(), (key) => !after.has(key) && !isGrant(key), before),
  };
}

function isGrant(key: string): boolean {
  return key.startsWith("grants on ");
}

const KINDS = [
  "schema",
  "extension",
  "type",
  "domain",
  "table",
  "column",
  "constraint",
  "index",
  "sequence",
  "view",
];

function byKindThenName(a: string, b: string): number {
  const rank = (key: string): number => {
    const index = KINDS.indexOf(key.split(" ", 1)[0] ?? "");
    return index < 0 ? KINDS.length : index;
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
