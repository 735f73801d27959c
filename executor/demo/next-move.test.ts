import { expect, test } from "vitest";
import { nextMove } from "#executor/demo/next-move.ts";
import type { MachineGlance } from "#executor/reporter/person-client.ts";

const ME = "autopilot";
const run = {
  id: "r1",
  recipe_id: "a",
  operator_id: ME,
  status: "completed",
  end_reason: "completed",
  end_time: "2026-01-01T12:00:00+00:00",
};
const glance = (over: Partial<Omit<MachineGlance, "machine">> & { status?: string }): MachineGlance => ({
  machine: { id: "m", status: over.status ?? "idle", current_process_id: null },
  run: over.run === undefined ? run : over.run,
  commands: over.commands ?? [],
  server_time: over.server_time ?? "2026-01-01T12:00:10+00:00",
});
const stopBy = (person: string) => [{ kind: "stop", run_id: "r1", requested_by: person }];

test("an idle machine is started, also one without any run", () => {
  expect(nextMove(glance({}), ME)).toEqual({ kind: "start" });
  expect(nextMove(glance({ run: null }), ME)).toEqual({ kind: "start" });
});

test("a person's stop is respected for 60 s", () => {
  expect(nextMove(glance({ commands: stopBy("omar") }), ME)).toEqual({ kind: "yield", secondsLeft: 50 });
  expect(
    nextMove(glance({ commands: stopBy("omar"), server_time: "2026-01-01T12:01:00+00:00" }), ME),
  ).toEqual({ kind: "start" });
  expect(
    nextMove(glance({ commands: [{ kind: "stop", run_id: "older", requested_by: "omar" }] }), ME),
  ).toEqual({ kind: "start" });
});

test("only its own interrupted run is cleared away", () => {
  const interrupted = { ...run, status: "failed", end_reason: "interrupted" };
  expect(nextMove(glance({ status: "error", run: interrupted }), ME)).toMatchObject({ kind: "clear" });
  expect(nextMove(glance({ status: "error", run: { ...interrupted, operator_id: "omar" } }), ME)).toEqual({
    kind: "watch",
  });
  expect(nextMove(glance({ status: "error", run: { ...interrupted, end_reason: "failed" } }), ME)).toEqual({
    kind: "watch",
  });
  expect(nextMove(glance({ status: "error", run: null }), ME)).toEqual({ kind: "watch" });
});

test("a machine whose controller is lost is reconciled, a busy one watched", () => {
  expect(nextMove(glance({ status: "unknown" }), ME)).toMatchObject({ kind: "reconcile", runId: "r1" });
  for (const status of ["processing", "stopping", "offline", "maintenance"]) {
    expect(nextMove(glance({ status }), ME)).toEqual({ kind: "watch" });
  }
});
