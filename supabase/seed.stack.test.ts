/** The demo data tells one story: what a run says of itself, its samples, the ledger and the machine fit together. */
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "#supabase/local/stack.ts";

let stack: Stack;
let db: Client;
beforeAll(async () => {
  stack = await startStack({ ephemeral: true });
  db = new Client({ connectionString: stack.dbUrl });
  await db.connect();
});
afterAll(async () => {
  await db?.end();
  await stack?.stop();
});
const rows = async (sql: string) => (await db.query(sql)).rows;

const TEMPERATURES = `select d.process_id, d.value, d.timestamp from process_data_points d
  join machine_parameters p using (parameter_id) where p.name = 'chamber_temperature'`;

test("the invariants hold", async () => {
  expect(await rows("select * from check_invariants()")).toEqual([]);
});

test("the machine in error tells the failure of its last run, since that run ended", async () => {
  const [machine] = await rows(
    `select m.name, s.failure_description, r.error_message, s.state_since = r.end_time as is_since_its_end
     from machines m join machine_state s on s.machine_id = m.id
     join lateral (select * from process_executions x where x.machine_id = m.id order by start_time desc limit 1) r on true
     where m.status = 'error'`,
  );
  expect(machine).toEqual({
    name: "ALD-04",
    failure_description:
      "Chamber temperature 231.4 °C left the window 200 ± 5 °C; heater relay stayed closed.",
    error_message: machine?.failure_description,
    is_since_its_end: true,
  });
});

test("the trend of a run reaches what its failure tells, and leaves the window in no other run", async () => {
  const found = await rows(
    `select r.status, max(t.value) as highest, max(t.value) filter (where t.timestamp = x.last) as last,
       bool_and(t.timestamp between r.start_time and r.end_time) as is_within
     from process_executions r join (${TEMPERATURES}) t on t.process_id = r.id
     join (select process_id, max(timestamp) as last from (${TEMPERATURES}) y group by 1) x on x.process_id = r.id
     cross join lateral jsonb_to_recordset(r.recipe_version -> 'parameters') w (name text, min numeric, max numeric)
     where w.name = 'chamber_temperature' and t.value not between w.min and w.max
     group by r.id, r.status`,
  );
  expect(found).toEqual([{ status: "failed", highest: 231.4, last: 231.4, is_within: true }]);
});

test("only the end of a failed run is audited with the failure", async () => {
  const reasons = await rows(
    `select a.action, a.after ->> 'status' as status from audit_log a join process_executions r on r.id = a.run_id
     where a.reason = r.error_message`,
  );
  expect(reasons).toEqual([{ action: "run_status", status: "failed" }]);
  expect(
    await rows(
      "select id from machine_commands c where not exists (select 1 from audit_log a where a.command_id = c.id)",
    ),
  ).toEqual([]);
});

test("each machine is in its state since its last audited change", async () => {
  const states = await rows(
    `select m.name, m.status = a.after ->> 'status' and s.state_since = a.at as is_told from machines m
     join machine_state s on s.machine_id = m.id
     join lateral (select * from audit_log x where x.machine_id = m.id and x.action = 'machine_status' order by id desc limit 1) a on true
     order by 1`,
  );
  expect(states).toEqual(["ALD-01", "ALD-02", "ALD-03", "ALD-04"].map((name) => ({ name, is_told: true })));
});

test("a run that was cut ends with the step that was cut and a safe end; no other is incomplete", async () => {
  const ends = await rows(
    `select r.status, r.deviation_count, r.last_seq = r.total_steps as is_whole, h.step_name, c.end_reason,
       c.measured_ms < c.planned_ms as is_cut
     from process_executions r
     join step_execution_history h on h.process_id = r.id and h.seq = r.last_seq
     join step_execution_history c on c.process_id = r.id and c.seq = r.last_seq - 1
     where r.last_seq <> r.total_steps or r.status <> 'completed' order by r.status, r.start_time`,
  );
  const cut = { deviation_count: 0, is_whole: false, step_name: "Safe end: N2 purge", is_cut: true };
  expect(ends).toEqual([
    { status: "failed", end_reason: "failed", ...cut },
    ...[1, 2, 3].map(() => ({ status: "aborted", end_reason: "aborted", ...cut })),
  ]);
});

test("what a run counts is what its steps are", async () => {
  const wrong = await rows(
    `select r.id from process_executions r join process_execution_state s on s.execution_id = r.id join (
       select process_id, count(*) filter (where is_deviation) as deviations,
         count(*) filter (where end_reason in ('next', 'completed')) as steps,
         count(distinct cycle) filter (where cycle is not null) - count(distinct cycle) filter (where end_reason not in ('next', 'completed')) as cycles
       from step_execution_history group by 1
     ) h on h.process_id = r.id
     where (r.deviation_count, (s.progress ->> 'completed_steps')::int, (s.progress ->> 'completed_cycles')::int)
       is distinct from (h.deviations, h.steps, h.cycles)`,
  );
  expect(wrong).toEqual([]);
});

test("times follow each other", async () => {
  const wrong = await rows(
    `select r.id, 'a step begins where the one before ends' as what from process_executions r
     join (select process_id, device_started_at + measured_ms * interval '1 millisecond' as ends,
         lead(device_started_at) over (partition by process_id order by seq) as next from step_execution_history) h on h.process_id = r.id
     where abs(extract(epoch from h.next - h.ends)) > 0.0001 or h.ends > r.end_time
     union all
     select r.id, 'runs of a machine overlap' from process_executions r join process_executions o on o.machine_id = r.machine_id and o.id <> r.id
     where tstzrange(r.start_time, r.end_time) && tstzrange(o.start_time, o.end_time)
     union all
     select r.id, 'in the future' from process_executions r where r.end_time > now()
     union all
     select r.id, 'before its recipe, machine or operator' from process_executions r join recipes p on p.id = r.recipe_id
     join machines m on m.id = r.machine_id join profiles o on o.id = r.operator_id
     left join user_machine_assignments a on a.user_id = o.id and a.machine_id = m.id
     where r.start_time <= greatest(p.created_at, m.created_at, o.created_at, coalesce(a.assigned_at, 'infinity'))
     union all
     select r.id, 'a command out of order' from machine_commands c join process_executions r on r.id = c.run_id
     where not (c.requested_at < c.accepted_at and c.accepted_at < c.executing_at and c.executing_at <= c.settled_at)
       or c.requested_at < r.start_time or c.settled_at > r.end_time or c.requested_by <> r.operator_id
     union all
     select process_id, 'a sample outside of its run' from process_data_points d join process_executions r on r.id = d.process_id
     where d.timestamp not between r.start_time and r.end_time`,
  );
  expect(wrong).toEqual([]);
});
