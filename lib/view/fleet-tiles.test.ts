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
import { fleetTiles } from "#lib/view/fleet-tiles.ts";

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

test("machines that need a person come first, running ones by when they finish", () => {
  const soon = sampleRun({ id: "run-soon", plannedMs: durationMs(5_000) });
  const tiles = fleetTiles(
    {
      serverTime: now,
      machines: [
        entry("offline", { status: "offline" }),
        entry("idle", { status: "idle" }),
        entry("later", {}),
        entry("soon", { run: soon }),
        entry("stopping", { status: "stopping" }),
        entry("lost", { lease: sampleLease({ renewedAt: later(now, -7_000) }) }),
        entry("unknown", { status: "unknown" }),
        entry("error", { status: "error" }),
        entry("maintenance", { status: "maintenance" }),
      ],
    },
    now,
  );
  expect(tiles.map((tile) => `${tile.name} ${tile.attention}`)).toEqual([
    "unknown alarm",
    "error alarm",
    "lost stale",
    "stopping stopping",
    "soon running",
    "later running",
    "idle none",
    "maintenance none",
    "offline offline",
  ]);
});

test("an alarm says why", () => {
  const state = sampleMachineState({ status: "error", failureDescription: "Valve 2 did not open." });
  const [tile] = fleetTiles({ serverTime: now, machines: [entry("a", { status: "error", state })] }, now);
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
  const machines = [entry("a", { run, runState, lastDeviation })];
  expect(fleetTiles({ serverTime: now, machines }, now)[0]).toMatchObject({
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
  expect(fleetTiles({ serverTime: now, machines: [over] }, now)[0]).toMatchObject({
    runId: null,
    recipeName: null,
    fraction: null,
    finishAt: null,
    age: null,
  });
});

test("a machine in a run without any controller is stale, with no age to show", () => {
  const [tile] = fleetTiles({ serverTime: now, machines: [entry("a", { lease: null })] }, now);
  expect(tile).toMatchObject({ attention: "stale", age: { level: "no-data", ageMs: null } });
});

test("a page that hears nothing calls no controller silent, and the age counts on", () => {
  const machines = [entry("a", {})];
  const [tile] = fleetTiles({ serverTime: now, machines }, later(SAMPLE_START, 40_000), now);
  expect(tile).toMatchObject({ attention: "running", attentionReason: null, age: { ageMs: 40_000 } });
});

test("a machine that plays a recorded run says so, also between two plays", () => {
  const replayed = sampleRun({ id: "old", status: "completed", driver: "replay" });
  const origins = (over: Parameters<typeof entry>[1]) =>
    fleetTiles({ serverTime: now, machines: [entry("a", over)] }, now).map(({ origin }) => origin);
  expect(origins({ lease: sampleLease({ driver: "replay" }) })).toEqual(["replay"]);
  expect(origins({ status: "offline", lease: null, run: replayed })).toEqual(["replay"]);
  expect(origins({ status: "idle", lease: null, run: null })).toEqual(["simulated"]);
});
