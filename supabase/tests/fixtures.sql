-- Makers used by the tests: each makes its own person, machine, recipe. Loaded once before the test files.

create schema tests;
grant usage on schema tests to public;

create function tests.person(p_role text, p_machine_id uuid default null) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  v_id uuid := gen_random_uuid();
begin
  insert into auth.users (id, email) values (v_id, v_id || '@test.local');
  if p_role is not null then
    insert into public.profiles (id, full_name, email, role) values (v_id, p_role || ' in a test', v_id || '@test.local', p_role);
  end if;
  if p_machine_id is not null then
    insert into public.user_machine_assignments (user_id, machine_id) values (v_id, p_machine_id);
  end if;
  return v_id;
end
$$;

create function tests.machine(p_status text default 'idle') returns uuid
language sql security definer set search_path = ''
as $$
  insert into public.machines (serial_number, name, status)
  values (gen_random_uuid()::text, 'Test machine', p_status) returning id
$$;

create function tests.recipe(p_cycles integer default 2, p_machine_type text default 'thermal-ald') returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  v_recipe uuid;
  v_loop uuid;
begin
  insert into public.recipes (name, machine_type) values ('Test recipe', p_machine_type) returning id into v_recipe;
  insert into public.recipe_steps (recipe_id, sequence_number, name, type) values (v_recipe, 1, 'Cycle', 'loop') returning id into v_loop;
  insert into public.loop_step_config (step_id, iteration_count) values (v_loop, p_cycles);
  with step as (
    insert into public.recipe_steps (recipe_id, sequence_number, name, type, parent_step_id)
    values (v_recipe, 2, 'TMA pulse', 'valve', v_loop) returning id
  ) insert into public.valve_step_config (step_id, valve_number, duration_ms) select id, 1, 100 from step;
  with step as (
    insert into public.recipe_steps (recipe_id, sequence_number, name, type, parent_step_id)
    values (v_recipe, 3, 'TMA purge', 'purge', v_loop) returning id
  ) insert into public.purge_step_config (step_id, duration_ms) select id, 3000 from step;
  return v_recipe;
end
$$;

create function tests.act_as(p_person_id uuid) returns void
language plpgsql set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', p_person_id, 'role', 'authenticated')::text, true);
  perform set_config('role', 'authenticated', true);
end
$$;

create function tests.act_as_controller() returns void
language plpgsql set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', '{"role": "service_role"}', true);
  perform set_config('role', 'service_role', true);
end
$$;

create function tests.act_as_nobody() returns void
language plpgsql set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', '{"role": "anon"}', true);
  perform set_config('role', 'anon', true);
end
$$;

create function tests.act_as_owner() returns void
language plpgsql set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', '', true);
  perform set_config('role', 'postgres', true);
end
$$;

-- An operator, a claimed idle machine and a started run, as one record.
create type tests.started as (operator uuid, machine uuid, recipe uuid, command uuid, run uuid, fence bigint);
create function tests.start_run(p_cycles integer default 2) returns tests.started
language plpgsql set search_path = ''
as $$
declare
  v tests.started;
  v_answer jsonb;
begin
  v.machine := tests.machine();
  v.operator := tests.person('operator', v.machine);
  v.recipe := tests.recipe(p_cycles);
  v.command := gen_random_uuid();
  perform tests.act_as_controller();
  v.fence := (public.claim_machine(v.machine, 'test', 'simulated', true) ->> 'fence_token')::bigint;
  perform tests.act_as(v.operator);
  v_answer := public.start_process(v.command, v.machine, v.recipe);
  v.run := (v_answer ->> 'run_id')::uuid;
  perform tests.act_as_controller();
  return v;
end
$$;

create function tests.step(p_seq integer, p_type text default 'valve', p_more jsonb default '{}') returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object('seq', p_seq, 'step_type', p_type, 'step_name', p_type || ' ' || p_seq, 'planned_ms', 100,
    'device_started_at', '2026-01-01T00:00:00Z'::timestamptz + make_interval(secs => p_seq)) || p_more
$$;

grant execute on all functions in schema tests to public;
