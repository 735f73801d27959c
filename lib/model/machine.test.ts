import { expect, test } from "vitest";
import { commandRank, commandStatuses, isCommandSettled } from "#lib/model/command.ts";
import { isLeaseHeld } from "#lib/model/lease.ts";
import {
  isMachineBusy,
  machineStatuses,
  machineStatusLabel,
  normaliseMachineStatus,
} from "#lib/model/machine.ts";
import { can, type Person, whyNoCommand } from "#lib/model/person.ts";
import { MACHINE_ID, SAMPLE_START, sampleLease } from "#lib/model/samples.ts";
import { deviationOf } from "#lib/model/step.ts";
import { durationMs, later } from "#lib/time.ts";

test("old spellings and any letter case become the status word", () => {
  expect(normaliseMachineStatus("running")).toBe("processing");
  expect(normaliseMachineStatus(" Inactive ")).toBe("offline");
  expect(normaliseMachineStatus("IDLE")).toBe("idle");
  expect(normaliseMachineStatus("toString")).toBeNull();
  expect(normaliseMachineStatus("melting")).toBeNull();
});

test("every status has its own label", () => {
  expect(new Set(machineStatuses.map(machineStatusLabel)).size).toBe(machineStatuses.length);
});

test("a machine whose controller was lost counts as busy", () => {
  expect(machineStatuses.filter(isMachineBusy)).toEqual(["processing", "stopping", "unknown"]);
});

test("exactly the five outcomes settle a command", () => {
  expect(commandStatuses.filter(isCommandSettled)).toEqual([
    "succeeded",
    "failed",
    "rejected",
    "expired",
    "superseded",
  ]);
  expect(commandRank("accepted")).toBeLessThan(commandRank("executing"));
});

test("a lease is held until the moment it expires", () => {
  const lease = sampleLease();
  expect(isLeaseHeld(lease, later(SAMPLE_START, 5_999))).toBe(true);
  expect(isLeaseHeld(lease, later(SAMPLE_START, 6_000))).toBe(false);
  expect(isLeaseHeld(null, SAMPLE_START)).toBe(false);
});

const person = (over: Partial<Person>): Person => ({
  id: "p",
  email: null,
  name: "P",
  role: "operator",
  isActive: true,
  machineIds: [MACHINE_ID],
  ...over,
});

test("who may command a machine, and the sentence for who may not", () => {
  expect(whyNoCommand(person({}), MACHINE_ID)).toBeNull();
  expect(whyNoCommand(person({ role: "engineer" }), MACHINE_ID)).toBeNull();
  expect(whyNoCommand(person({ role: "admin", machineIds: [] }), MACHINE_ID)).toBeNull();
  expect(whyNoCommand(null, MACHINE_ID)).toContain("Sign in");
  expect(whyNoCommand(person({ isActive: false }), MACHINE_ID)).toContain("disabled");
  expect(whyNoCommand(person({ role: "viewer" }), MACHINE_ID)).toContain("viewer");
  expect(whyNoCommand(person({ machineIds: [] }), MACHINE_ID)).toContain("not assigned");
});

test("a viewer reads and nothing more", () => {
  expect(can("viewer", "read")).toBe(true);
  expect(can("viewer", "command")).toBe(false);
  expect(can("operator", "note")).toBe(false);
  expect(can("engineer", "edit-recipes")).toBe(true);
  expect(can("engineer", "administer")).toBe(false);
});

test("a deviation is more than 25 ms and more than 3 percent", () => {
  const judged = (planned: number, measured: number, endReason: string | null = "next") =>
    deviationOf(durationMs(planned), durationMs(measured), endReason).isDeviation;
  expect(judged(100, 125)).toBe(false);
  expect(judged(100, 125.001)).toBe(true);
  expect(judged(10_000, 10_300)).toBe(false);
  expect(judged(10_000, 10_300.5)).toBe(true);
  expect(judged(100, 70)).toBe(true);
  expect(judged(100, 70, null)).toBe(true);
  expect(deviationOf(durationMs(100), null, null)).toEqual({ deviationMs: null, isDeviation: false });
  expect(deviationOf(durationMs(100), durationMs(90), null).deviationMs).toBe(-10);
  for (const cut of ["aborted", "failed", "interrupted"]) {
    expect([judged(4000, 1200, cut), judged(100, 600, cut)]).toEqual([false, true]);
    expect(deviationOf(durationMs(4000), durationMs(1200), cut).deviationMs).toBe(-2800);
  }
});
