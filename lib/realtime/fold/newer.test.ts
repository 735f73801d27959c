import { expect, test } from "vitest";
import {
  SAMPLE_START,
  sampleCommand,
  sampleLease,
  sampleMachine,
  sampleOpenStep,
  sampleProgram,
  sampleRun,
  sampleRunState,
  sampleStep,
} from "#lib/model/samples.ts";
import { durationMs, later } from "#lib/time.ts";
import { newerCommand, newerLease, newerMachine, newerRun, newerRunState, newerStep } from "./newer.ts";

/** Whatever order two readings come in, the same one wins. */
function expectNewer<T>(newer: (kept: T, next: T) => T, older: T, latest: T): void {
  expect(newer(older, latest)).toEqual(latest);
  expect(newer(latest, older)).toBe(latest);
}

test("the higher version, revision, fence, rank wins, in either order", () => {
  expectNewer(newerMachine, sampleMachine({ version: 3 }), sampleMachine({ version: 4, status: "idle" }));
  expectNewer(
    newerRunState,
    sampleRunState({ revision: 1 }),
    sampleRunState({ revision: 2, overallStep: 2 }),
  );
  const renewed = later(SAMPLE_START, 2_000);
  expectNewer(newerLease, sampleLease(), sampleLease({ renewedAt: renewed }));
  expectNewer(newerLease, sampleLease({ renewedAt: renewed }), sampleLease({ fenceToken: 2 }));
  expectNewer(newerCommand, sampleCommand(), sampleCommand({ status: "accepted", acceptedAt: SAMPLE_START }));
});

test("a reading that says the same leaves the object as it is", () => {
  const machine = sampleMachine();
  expect(newerMachine(machine, sampleMachine())).toBe(machine);
  const step = sampleStep({ seq: 1 });
  expect(newerStep(step, sampleStep({ seq: 1 }))).toBe(step);
  const run = sampleRun();
  expect(newerRun(run, { ...run, program: sampleProgram() })).toBe(run);
});

test("a command keeps the name that only reads know", () => {
  const named = sampleCommand({ requestedByName: "Ada" });
  const told = sampleCommand({ requestedByName: null, status: "succeeded", settledAt: SAMPLE_START });
  expect(newerCommand(named, told)).toEqual({ ...told, requestedByName: "Ada" });
});

test("a run's end is final, its history only grows and its program is never lost", () => {
  const running = sampleRun({ lastSeq: 9, updatedAt: later(SAMPLE_START, 5_000) });
  const ended = sampleRun({ status: "aborted", lastSeq: 8, program: null, recipeName: null });
  for (const merged of [newerRun(running, ended), newerRun(ended, running)]) {
    expect(merged).toMatchObject({ status: "aborted", lastSeq: 9, recipeName: "Al2O3" });
    expect(merged.program).toEqual(running.program);
  }
});

test("of two changes in one instant the longer history is the later", () => {
  expectNewer(
    newerRun,
    sampleRun({ status: "preparing", lastSeq: 0 }),
    sampleRun({ status: "running", lastSeq: 1 }),
  );
});

test("a step is only ever completed", () => {
  const open = sampleOpenStep({ seq: 1 });
  const closed = sampleStep({ seq: 1, measuredMs: null });
  const measured = sampleStep({ seq: 1, measuredMs: durationMs(180) });
  for (const order of [
    [open, closed, measured],
    [measured, closed, open],
    [closed, measured, open],
  ]) {
    expect(order.reduce(newerStep)).toEqual(measured);
  }
  expect(newerStep(closed, measured).isDeviation).toBe(true);
});
