-- What moves a machine runs at repeatable read, by the function's own setting over HTTP, and refuses to run below it over a
-- direct connection. This file runs at read committed.
create temporary table movers (name text primary key, caller text, arguments text) on commit drop;
insert into movers values
  ('start_process', 'operator', 'gen_random_uuid(), machine, recipe'),
  ('request_stop', 'operator', 'gen_random_uuid(), machine'),
  ('clear_machine', 'operator', 'gen_random_uuid(), machine, ''looked at it'''),
  ('reconcile_run', 'operator', 'gen_random_uuid(), gen_random_uuid(), ''aborted'', ''looked at it'''),
  ('end_process', 'controller', 'gen_random_uuid(), 1, ''completed'''),
  ('atomic_update_machine_state', 'controller', 'machine, ''maintenance'''),
  ('atomic_complete_machine_state', 'controller', 'machine'),
  ('atomic_error_machine_state', 'controller', 'machine, ''pump'''),
  ('atomic_processing_machine_state', 'controller', 'machine, gen_random_uuid()');
grant select on movers to public;
select plan((select 2 * count(*)::integer from movers) + 4);

select is(current_setting('transaction_isolation'), 'read committed', 'this file runs at read committed');
select set_eq($$
  select p.proname::text from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.proconfig @> array['default_transaction_isolation=repeatable read']
$$, $$ select name from movers $$, 'what asks for repeatable read is listed here');

create temporary table lab on commit drop as select m as machine, tests.recipe() as recipe, tests.person('operator', m) as operator from (select tests.machine() as m) x;
grant select on lab to public;
create temporary table before on commit drop as select m.* from public.machines m join lab on lab.machine = m.id;
create function pg_temp.refused(p_name text) returns text language plpgsql as $$
declare
  v movers;
begin
  select * into v from movers where name = p_name;
  if v.caller = 'controller' then perform tests.act_as_controller(); else perform tests.act_as(operator) from lab; end if;
  execute format('select public.%I(%s) from lab', v.name, v.arguments);
  return 'ran';
exception when others then return sqlstate || ' ' || sqlerrm;
end
$$;
create temporary table refused on commit drop as select name, pg_temp.refused(name) as how from movers;
select tests.act_as_owner();
select is(how, 'PT500 Nothing was changed: the call runs at read committed, not at repeatable read.', format('%s refuses', name)) from refused;
select results_eq($$ select m.* from public.machines m join lab on lab.machine = m.id $$, $$ select * from before $$, 'and nothing moved');

-- What is called over HTTP does not wait for a lock for ever.
select is(p.proconfig @> array['lock_timeout=2s'], true, format('%s waits 2 s for a lock', m.name))
from movers m join pg_proc p on p.proname = m.name and p.pronamespace = 'public'::regnamespace;
select is_empty($$
  select p.proname from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.provolatile = 'v' and p.prosecdef and p.prorettype <> 'trigger'::regtype
    and not coalesce(p.proconfig @> array['lock_timeout=2s'], false)
$$, 'nor does anything else that writes');

select * from finish();
