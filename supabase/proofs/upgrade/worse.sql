-- What else a database that was kept by hand may hold: references and keys that are not there, words written as it came,
-- two runs at once, steps that overlap, the lab's own migrations and triggers. Read after old-schema.sql and old-data.sql.

create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (version text not null primary key, statements text[], name text);
insert into supabase_migrations.schema_migrations (version, name) values ('20240301120000', 'initial_schema'), ('20250612093000', 'step_history');

create function public.touch_location() returns trigger language plpgsql as $$ begin new.location := btrim(new.location); return new; end $$;
create trigger touch_location before update on public.machines for each row execute function public.touch_location();

-- Rows of nobody, and two rows where there should be one.
alter table public.machine_state drop constraint machine_state_machine_id_fkey;
insert into public.machine_state (machine_id, current_state) values (pg_temp.id('sold'), 'RUNNING');
alter table public.process_execution_state drop constraint process_execution_state_execution_id_key;
insert into public.process_execution_state (execution_id, current_step_name, last_updated) values
  (pg_temp.id('run live'), 'stale', now() - interval '1 hour'), (pg_temp.id('run live'), 'never', null);

-- Words.
drop trigger trg_process_end_close_history on public.process_executions;
alter table public.process_executions alter column status type text;
create trigger trg_process_end_close_history after update on public.process_executions for each row
  when (new.status in ('completed', 'failed', 'aborted') and new.status is distinct from old.status)
  execute function public.fn_close_open_step_history_on_process_end();
update public.process_executions set status = 'Completed' where id = pg_temp.id('run done');
update public.process_executions set status = 'CANCELLED' where id = pg_temp.id('run early');
update public.machines set status = E' Running\n' where serial_number = 'SERIAL-1';
update public.machines set status = 'In_Progress' where serial_number = 'TEST-2';

-- Runs. long: named by a machine that says IN PROGRESS, silent for two hours. twin 1 and 2: both alive on a machine that says
-- idle. burnt: alive on a machine that says error. told: in text, in capitals.
insert into public.operator_sessions (id, operator_id, machine_id, session_status)
select pg_temp.id('session ' || m), pg_temp.id('op'), pg_temp.id(m), 'active' from unnest(array['RT-3', 'E2E-1', 'TEST-5', 'VIRTUAL-TEST-001']) m;
insert into public.process_executions (id, session_id, machine_id, recipe_id, recipe_version, start_time, operator_id, status, parameters, updated_at)
select pg_temp.id('run ' || r), pg_temp.id('session ' || m), pg_temp.id(m), pg_temp.id('al2o3'), '{"recipe": {"name": "Al2O3", "version": 1}, "steps": []}',
  now() - b, pg_temp.id('op'), st, '{}', now() - b
from (values ('long', 'RT-3', interval '3 hours', 'running'), ('twin 1', 'E2E-1', interval '20 minutes', 'running'), ('twin 2', 'E2E-1', interval '4 minutes', 'running'),
  ('burnt', 'TEST-5', interval '5 minutes', 'paused'), ('told', 'VIRTUAL-TEST-001', interval '5 minutes', 'RUNNING')) v (r, m, b, st);
insert into public.process_execution_state (execution_id, last_updated, current_step_type, current_step_name)
select pg_temp.id('run ' || r), now() - b, 'valve', 'TMA'
from (values ('long', interval '2 hours'), ('twin 1', interval '1 minute'), ('twin 2', interval '2 minutes'), ('burnt', interval '1 minute'), ('told', interval '1 minute')) v (r, b);
update public.machines set status = 'IN PROGRESS', current_process_id = pg_temp.id('run long') where serial_number = 'RT-3';
update public.machines set status = 'ERROR', current_process_id = null where serial_number = 'TEST-5';
update public.machines set status = 'processing', current_process_id = pg_temp.id('run told') where serial_number = 'VIRTUAL-TEST-001';

-- Steps: three open at once, one that ends before it begins, two that begin together, one without a beginning.
insert into public.step_execution_history (process_id, step_number, step_type, step_name, started_at, ended_at, created_at)
select pg_temp.id('run long'), n, 'valve', 'step ' || n, now() - interval '3 hours' + b, now() - interval '3 hours' + e, now() - interval '3 hours' + make_interval(secs => n)
from (values (1, interval '1 s', null::interval), (2, interval '2 s', null), (3, interval '3 s', interval '1 s'), (4, interval '4 s', interval '9 s'),
  (5, interval '4 s', interval '4 s'), (6, null, null), (7, interval '30 s', null)) v (n, b, e);
