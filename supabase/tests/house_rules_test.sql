-- Rules every table and function keeps, asked of the catalogue.
select plan(11);

select is_empty($$
  select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
$$, 'every table has row security');

select is_empty($$
  select c.relname, a.privilege_type from pg_class c, aclexplode(c.relacl) a
  where c.relnamespace = 'public'::regnamespace and a.grantee in (0, 'anon'::regrole)
$$, 'nobody who is not signed in holds a right on a table, view or sequence');

select is_empty($$
  select c.relname, a.privilege_type from pg_class c, aclexplode(c.relacl) a
  where c.relnamespace = 'public'::regnamespace and a.grantee = 'authenticated'::regrole
    and a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'USAGE')
$$, 'people delete, truncate and alter nothing');

select is_empty($$
  select c.relname, a.privilege_type from pg_class c, aclexplode(c.relacl) a
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.grantee = 'authenticated'::regrole
    and a.privilege_type in ('INSERT', 'UPDATE') and c.relname not in ('projects', 'subtasks', 'steps')
$$, 'people write tables only where no function does it for them');

select is_empty($$
  select p.oid::regprocedure from pg_proc p
  where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
    and not coalesce(p.proconfig @> array['search_path=""'], false)
$$, 'every function has an empty search_path');

select is_empty($$
  select p.oid::regprocedure from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and a.grantee in (0, 'anon'::regrole)
$$, 'nobody who is not signed in may call a function');

select is_empty($$
  select p.oid::regprocedure from pg_proc p
  where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace) and obj_description(p.oid, 'pg_proc') is null
$$, 'every function says what it does');

select is_empty($$
  select c.relname from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p') and obj_description(c.oid, 'pg_class') is null
$$, 'every table and view says what it holds');

select is_empty($$
  select k.conrelid::regclass, k.conname from pg_constraint k
  where k.contype = 'f' and k.connamespace = 'public'::regnamespace and not exists (
    select 1 from pg_index i where i.indrelid = k.conrelid and i.indpred is null
      and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey)
$$, 'every foreign key has an index');

select is_empty($$
  select polrelid::regclass, polname from pg_policy p join pg_class c on c.oid = p.polrelid
  where c.relnamespace = 'public'::regnamespace and polroles <> array['authenticated'::regrole::oid]
$$, 'every policy names the role it is for');

select is_empty($$
  select c.relname from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false)
$$, 'every view reads with the rights of its reader');

select * from finish();
