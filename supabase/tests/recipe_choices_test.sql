-- What a person may choose from before a start: recipes of the machine's type, their planned time, when they last ran here.
select plan(9);

create temporary table m on commit drop as
select tests.machine() as machine, tests.recipe(3) as used, tests.recipe(2) as unused, tests.recipe(2) as broken, tests.recipe(2) as empty,
  tests.recipe(2, 'plasma-ald') as foreign_recipe, tests.person('viewer') as viewer;
grant select on m to public;
update public.recipes set name = 'Used' where id = (select used from m);
update public.recipes set name = 'Unused' where id = (select unused from m);
create function pg_temp.choice(p_recipe uuid) returns jsonb language sql
as $$ select c from m, jsonb_array_elements(recipe_choices(m.machine)) c where c ->> 'id' = p_recipe::text $$;
grant execute on function pg_temp.choice(uuid) to public;

-- A loop within a loop, and a recipe whose purge lost its configuration.
with inner_loop as (
  insert into public.recipe_steps (recipe_id, sequence_number, name, type, parent_step_id)
  select m.unused, 10, 'Inner', 'loop', s.id from m join public.recipe_steps s on s.recipe_id = m.unused and s.type = 'loop' returning id
), counted as (
  insert into public.loop_step_config (step_id, iteration_count) select id, 5 from inner_loop
), leaf as (
  insert into public.recipe_steps (recipe_id, sequence_number, name, type, parent_step_id)
  select m.unused, 11, 'Settle', 'wait', i.id from m, inner_loop i returning id
) insert into public.wait_step_config (step_id, duration_ms) select id, 70 from leaf;
delete from public.purge_step_config p using public.recipe_steps s, m where p.step_id = s.id and s.recipe_id = m.broken;
delete from public.recipe_steps s using m where s.recipe_id = m.empty;

select tests.act_as(viewer) from m;
select is(pg_temp.choice(foreign_recipe), null, 'a recipe for other machines is no choice') from m;
select is((pg_temp.choice(used) ->> 'planned_ms')::bigint, 3 * 3100::bigint, 'planned time is that of the unrolled program') from m;
select is((pg_temp.choice(unused) ->> 'planned_ms')::bigint, 2 * (3100 + 5 * 70)::bigint, 'with loops in loops') from m;
select is((pg_temp.choice(used) ->> 'planned_ms')::bigint, (recipe_program(used) #>> '{totals,planned_ms}')::bigint, 'as a run would freeze it') from m;
select is(pg_temp.choice(broken) -> 'planned_ms', 'null'::jsonb, 'a malformed recipe has none') from m;
select is(pg_temp.choice(empty) -> 'planned_ms', 'null'::jsonb, 'nor has one without steps') from m;
select is(pg_temp.choice(used) -> 'last_used_at', 'null'::jsonb, 'it never ran here') from m;

select tests.act_as_owner();
insert into public.operator_sessions (operator_id, machine_id) select viewer, machine from m;
insert into public.process_executions (session_id, machine_id, recipe_id, recipe_version, start_time, end_time, operator_id, status, parameters)
select s.id, m.machine, m.used, '{}', '2026-01-02T03:04:05Z', '2026-01-02T04:04:05Z', m.viewer, 'completed', '{}'
from m join public.operator_sessions s on s.machine_id = m.machine;
select tests.act_as(viewer) from m;
select is((pg_temp.choice(used) ->> 'last_used_at')::timestamptz, '2026-01-02T03:04:05Z'::timestamptz, 'when this machine last ran it') from m;
select is(recipe_choices(machine) #>> '{0,name}', 'Used', 'what ran last comes first') from m;
select * from finish();
