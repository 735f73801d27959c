-- What is asked with too much, too little or something else is answered in words.
set transaction isolation level repeatable read;
select plan(20);

create temporary table s on commit drop as
select machine, run, fence, tests.person('engineer', machine) as ann, gen_random_uuid() as nobody from tests.start_run(2);

-- Controllers.
select tests.act_as_owner();
grant select on s to public;
select tests.act_as_controller();
select is(claim_machine(machine, n, d, true) ->> 'code', 'lease_invalid', w) from s, (values
  (repeat('x', 201), 'simulated', 'a name without an end'), ('executor', repeat('x', 201), 'a driver without an end'), (' ', 'simulated', 'no name'), ('executor', null, 'no driver')) v (n, d, w);
select is(claim_machine(tests.machine(), repeat('x', 200), 'simulated', true) ->> 'ok', 'true', 'a name of 200 letters');
select is(a ->> 'code', 'run_not_found', 'no machine plays a run that there is not') from s, lateral (values
  (atomic_processing_machine_state(machine, nobody)::jsonb), (atomic_update_machine_state(machine, 'processing', nobody)::jsonb),
  (atomic_update_machine_state(machine, 'processing', null, 'processing', nobody)::jsonb)) v (a);
select is(atomic_processing_machine_state(nobody, run) ->> 'code', 'machine_not_found', 'nor does a machine that there is not') from s;

-- People.
select tests.act_as(ann) from s;
select is(watch_machine(machine, null) ->> 'code', 'page_invalid', 'a page says which one it is') from s;
select is(watch_machine(null, null) ->> 'code', 'machine_not_found', 'and which machine it shows');
select is(run_trend(run, f, u) ->> 'to_ms', '0', 'a window beyond all time') from s, (values (1e300::float8, 1e301::float8), (-1e308, 1e308), (1e308, null), (null, -1e308)) v (f, u);
select throws_ok(format('select %s', q), 'PT422', m, q) from (values
  ('list_runs(''{"run_ids": ["moon"]}'')', 'The runs were not listed: the filter is none (invalid input syntax for type uuid: "moon").'),
  ('list_runs(''{"statuses": ["moon"]}'')', 'The runs were not listed: the filter is none (invalid input value for enum public.process_status: "moon").'),
  ('count_runs(''{"from": "moon"}'')', 'The runs were not listed: the filter is none (invalid input syntax for type timestamp with time zone: "moon").'),
  ('list_runs(''{}'', ''steps'', true, ''["moon", "moon"]'')', 'The runs were not listed: there is no such place to go on from (invalid input syntax for type integer: "moon").'),
  ('read_log(''{"run_id": "moon"}'')', 'The log was not read: the filter is none (invalid input syntax for type uuid: "moon").')) v (q, m);

select * from finish();
