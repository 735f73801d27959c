import { expect, test } from "vitest";
import {
  SAMPLE_START,
  sampleLease,
  sampleMachine,
  sampleMachineState,
  sampleRun,
  sampleRunState,
  sampleStep,
} from "#lib/model/samples.ts";
import type { FleetMachine } from "#lib/model/snapshot.ts";
import { durationMs, later } from "#lib/time.ts";
import { type FleetTile, fleetTile } from "#lib/view/fleet-tiles.ts";

const now = later(SAMPLE_START, 1_000);

function entry(
  name: string,
  over: Partial<FleetMachine> & { status?: FleetMachine["machine"]["status"] },
): FleetMachine {
  const { status = "processing", ...rest } = over;
  const runId = `run-${name}`;
  const isRunning = status === "processing" || status === "stopping" || status === "unknown";
  return {
    machine: sampleMachine({ id: name, name, status, currentRunId: isRunning ? runId : null }),
    state: sampleMachineState({ machineId: name, status }),
    lease: sampleLease({ machineId: name, renewedAt: SAMPLE_START }),
    run: isRunning ? sampleRun({ id: runId, machineId: name }) : null,
    runState: null,
    lastDeviation: null,
    ...rest,
  };
}

test.each<[FleetTile["attention"], Parameters<typeof entry>[1]]>([
  ["offline", { status: "offline" }],
  ["none", { status: "idle" }],
  ["none", { status: "maintenance" }],
  ["running", {}],
  ["stopping", { status: "stopping" }],
  ["stale", { lease: sampleLease({ renewedAt: later(now, -7_000) }) }],
  ["alarm", { status: "unknown" }],
  ["alarm", { status: "error" }],
])("wants to be looked at as %s: %o", (attention, over) => {
  expect(fleetTile(entry("a", over), now).attention).toBe(attention);
});

test("an alarm says why", () => {
  const state = sampleMachineState({ status: "error", failureDescription: "Valve 2 did not open." });
  const tile = fleetTile(entry("a", { status: "error", state }), now);
  expect(tile).toMatchObject({ statusLabel: "Error", attentionReason: "Valve 2 did not open." });
});

test("a running machine shows recipe, cycle, end and its last deviation", () => {
  const run = sampleRun({ id: "run-a", lastSeq: 6, deviationCount: 2 });
  const runState = sampleRunState({
    runId: "run-a",
    progress: {
      totalSteps: 13,
      completedSteps: 5,
      totalCycles: 3,
      completedCycles: 1,
      plannedElapsedMs: durationMs(17_200),
    },
  });
  const lastDeviation = sampleStep({ seq: 4, runId: "run-a", measuredMs: durationMs(180) });
  expect(fleetTile(entry("a", { run, runState, lastDeviation }), now)).toMatchObject({
    runId: "run-a",
    recipeName: "Al2O3",
    cycle: 2,
    totalCycles: 3,
    deviationCount: 2,
    lastDeviation: { seq: 4, deviationMs: 80 },
    age: { level: "fresh", ageMs: 1_000 },
    origin: "simulated",
  });
});

test("a run that is over is not shown as the machine's run", () => {
  const over = entry("a", {
    status: "idle",
    run: sampleRun({ id: "old", status: "completed" }),
    lease: null,
  });
  expect(fleetTile(over, now)).toMatchObject({
    runId: null,
    recipeName: null,
    fraction: null,
    finishAt: null,
    age: null,
  });
});

test("a machine in a run without any controller is stale, with no age to show", () => {
  const tile = fleetTile(entry("a", { lease: null }), now);
  expect(tile).toMatchObject({ attention: "stale", age: { level: "no-data", ageMs: null } });
});

test("a page that hears nothing calls no controller silent, and the age counts on", () => {
  const tile = fleetTile(entry("a", {}), later(SAMPLE_START, 40_000), now);
  expect(tile).toMatchObject({ attention: "running", attentionReason: null, age: { ageMs: 40_000 } });
});

test("a machine that plays a recorded run says so, also between two plays", () => {
  const replayed = sampleRun({ id: "old", status: "completed", driver: "replay" });
  const origin = (over: Parameters<typeof entry>[1]) => fleetTile(entry("a", over), now).origin;
  expect(origin({ lease: sampleLease({ driver: "replay" }) })).toBe("replay");
  expect(origin({ status: "offline", lease: null, run: replayed })).toBe("replay");
  expect(origin({ status: "idle", lease: null, run: null })).toBe("simulated");
});

test("T13 what a replayed or late run brings raises no alarm: only what a machine is now does", () => {
  const run = sampleRun({ id: "run-a", driver: "replay", deviationCount: 50 });
  const late = sampleStep({ seq: 3, runId: "run-a", isDeviation: true, startedAt: later(now, -3_600_000) });
  const replayed = entry("a", {
    run,
    lastDeviation: late,
    lease: sampleLease({ driver: "replay", renewedAt: SAMPLE_START }),
  });
  expect(fleetTile(replayed, now)).toMatchObject({
    origin: "replay",
    attention: "running",
    attentionReason: null,
    deviationCount: 50,
  });
});
