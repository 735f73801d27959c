import { expect, test } from "vitest";
import type { MachineEvent } from "#lib/model/machine-event.ts";
import { SAMPLE_START, sampleProgram, sampleRun } from "#lib/model/samples.ts";
import { durationMs } from "#lib/time.ts";
import { counted, formatCount } from "#lib/view/count.ts";
import { eventLine } from "#lib/view/event-lines.ts";
import { programRows } from "#lib/view/program-tree.ts";
import { runVerdict } from "#lib/view/run-verdict.ts";

test.each([
  [
    { status: "completed", lastSeq: 13 },
    "ok",
    "Completed · complete to step 13 · no deviations · measured 32.0 s (planned 31.6 s).",
  ],
  [
    { status: "completed", lastSeq: 13, deviationCount: 2 },
    "attention",
    "Completed · complete to step 13 · 2 deviations · measured 32.0 s (planned 31.6 s).",
  ],
  [
    { status: "completed", lastSeq: 12 },
    "attention",
    "Completed · 12 of 13 steps recorded · no deviations · measured 32.0 s (planned 31.6 s).",
  ],
  [
    { status: "aborted", lastSeq: 6, deviationCount: 1 },
    "attention",
    "Aborted · 6 of 13 steps recorded · 1 deviation · measured 32.0 s (planned 31.6 s).",
  ],
  [
    { status: "failed", lastSeq: 6, errorMessage: "Valve 2 is stuck." },
    "alarm",
    "Failed: Valve 2 is stuck · 6 of 13 steps recorded · measured 32.0 s (planned 31.6 s).",
  ],
  [
    { status: "running", lastSeq: 6 },
    "live",
    "Running · 6 of 13 steps recorded · no deviations · measured 32.0 s so far (planned 31.6 s).",
  ],
  [
    { status: "completed", lastSeq: 1_200, totalSteps: null, plannedMs: null },
    "ok",
    "Completed · 1\u202f200 steps recorded · no deviations · measured 32.0 s.",
  ],
] as const)("verdict %#", (over, tone, text) => {
  expect(runVerdict(sampleRun(over), durationMs(32_000))).toEqual({ tone, text });
});

test("what is not known of its durations is left out", () => {
  const run = sampleRun({ status: "completed", lastSeq: 13 });
  expect(runVerdict(run, null).text).toBe("Completed · complete to step 13 · no deviations.");
});

test("counts read well", () => {
  expect(formatCount(1_234_567)).toBe("1\u202f234\u202f567");
  expect(counted(1, "step")).toBe("1 step");
  expect(counted(0, "entry", "entries")).toBe("0 entries");
});

test("a program reads as a tree with times", () => {
  const rows = programRows(sampleProgram(3));
  expect(rows.map((row) => [row.path, row.depth, row.name, row.plannedMs, row.totalMs])).toEqual([
    ["1", 0, "Settle", 10_000, 10_000],
    ["2", 0, "Cycle", 7_200, 21_600],
    ["2.1", 1, "TMA", 100, 300],
    ["2.2", 1, "Purge", 3_000, 9_000],
    ["2.3", 1, "Water", 100, 300],
    ["2.4", 1, "Purge", 4_000, 12_000],
  ]);
  expect(rows.map((row) => row.detail)).toEqual([
    "wait 10.0 s",
    "3 ×",
    "valve 1 open for 100 ms",
    "N2 20 sccm for 3.0 s",
    "valve 2 open for 100 ms",
    "N2 20 sccm for 4.0 s",
  ]);
});

test("a loop in a loop multiplies, and a parameter step says its ramp", () => {
  const inner = sampleProgram(2).steps;
  const rows = programRows({
    steps: [
      { id: "outer", name: "Layers", type: "loop", iteration_count: 5, children: inner },
      {
        id: "heat",
        name: "Heat",
        type: "parameter",
        parameter_id: "p",
        parameter_name: "chamber_temperature",
        unit: "°C",
        target_value: 250,
        adjustment_rate: 2,
        hold_duration_ms: 1_000,
      },
    ],
  });
  expect(rows.find((row) => row.path === "1.2.1")).toMatchObject({ depth: 2, totalMs: 100 * 2 * 5 });
  expect(rows.find((row) => row.path === "1")).toMatchObject({ plannedMs: 24_400, totalMs: 122_000 });
  expect(rows.at(-1)?.detail).toBe("chamber_temperature to 250 °C at 2 °C/s, hold 1.0 s");
});

const event = (over: Partial<MachineEvent>): MachineEvent => ({
  id: "1",
  at: SAMPLE_START,
  action: "machine_status",
  actorId: null,
  actorRole: "operator",
  runId: null,
  commandId: null,
  commandKind: null,
  fromStatus: null,
  toStatus: null,
  reason: null,
  ...over,
});

test("audit lines read as sentences", () => {
  const line = (over: Partial<MachineEvent>) => eventLine(event(over));
  expect(line({ fromStatus: "idle", toStatus: "processing" })).toEqual({
    text: "Machine idle → processing",
    isTrouble: false,
  });
  expect(line({ action: "run_status", toStatus: "preparing" }).text).toBe("Run preparing");
  expect(line({ action: "command_rejected", commandKind: "start", reason: "busy" })).toEqual({
    text: "Command refused (start): busy",
    isTrouble: true,
  });
  expect(line({ fromStatus: "processing", toStatus: "error" }).isTrouble).toBe(true);
  expect(line({ action: "something_new" }).text).toBe("something new");
});
