import { expect, inject, test } from "vitest";
import { ControllerClient } from "#executor/reporter/controller-client.ts";
import { loop, pulse, purge, TestBed } from "#executor/test-bed.ts";

test("readings sent twice are recorded once, and the newest of each parameter is shown", async () => {
  const bed = await TestBed.open(inject("stack"));
  const client = new ControllerClient(bed.place);
  const claimed = await client.claim(bed.machine.id, "test", "simulated", true);
  const listed = await client.parameters(bed.machine.id);
  if (!claimed.ok || !listed.ok) throw new Error("the machine was not claimed");
  const runId = await bed.start([loop(2, pulse(1), purge(100))]);
  const idOf = (name: string) => listed.parameters.find((each) => each.name === name)?.parameter_id ?? "";
  const [pressure, flow] = [idOf("chamber_pressure"), idOf("carrier_flow")];
  const samples = [
    { timestamp: "2026-01-01T00:00:00.000Z", values: { [pressure]: 1.8, [flow]: 20 } },
    { timestamp: "2026-01-01T00:00:00.050Z", values: { [pressure]: 1.9 } },
  ];
  for (const _ of [1, 2])
    expect(await client.recordSamples(runId, claimed.fence_token, samples)).toEqual({ ok: true });
  const points = await bed.db.query(
    "select count(*)::int as count from process_data_points where process_id = $1",
    [runId],
  );
  expect(points.rows).toEqual([{ count: 3 }]);
  const shown = await bed.db.query(
    "select process_metrics from process_execution_state where execution_id = $1",
    [runId],
  );
  expect(shown.rows[0]?.process_metrics).toEqual({
    at: "2026-01-01T00:00:00.050Z",
    values: { chamber_pressure: 1.9, carrier_flow: 20 },
  });
  expect(await client.recordSamples(runId, claimed.fence_token - 1, samples)).toMatchObject({
    code: "fence_stale",
    status: 409,
  });
  expect(await client.endProcess(runId, claimed.fence_token, "aborted", null, [])).toEqual({ ok: true });
  await client.close();
  await bed.close();
});
