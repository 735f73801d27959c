import { expect, test } from "vitest";
import { SAMPLE_START, sampleStep } from "#lib/model/samples.ts";
import { durationMs, epochMs } from "#lib/time.ts";
import type { ExportedRun } from "./step-csv.ts";
import { TRACE_FOOT, traceHead, traceWriter } from "./step-trace.ts";

const run: ExportedRun = { machine: 'ALD "01"', recipe: "Al2O3", origin: "simulated", begins: SAMPLE_START };
const at = (ms: number) => epochMs(SAMPLE_START + ms);
const pulse = (seq: number, startMs: number) =>
  sampleStep({
    seq,
    stepType: "valve",
    valveNumber: 1,
    stepName: "TMA",
    deviceStartedAt: at(startMs),
    measuredMs: durationMs(101.5),
  });

test("portions make one trace: a track per valve and kind, microseconds from the first step", () => {
  const write = traceWriter(run);
  const purge = sampleStep({
    seq: 2,
    stepType: "purge",
    valveNumber: null,
    stepName: "Purge",
    deviceStartedAt: at(101.5),
    measuredMs: durationMs(3_000),
  });
  const trace = JSON.parse(
    traceHead(run) + write([pulse(1, 0), purge]) + write([pulse(3, 3_101.5)]) + TRACE_FOOT,
  );
  expect(trace.otherData).toEqual({ machine: 'ALD "01"', recipe: "Al2O3", origin: "simulated" });
  const tracks = trace.traceEvents.filter((event: { name: string }) => event.name === "thread_name");
  expect(
    tracks.map((track: { tid: number; args: { name: string } }) => [track.tid, track.args.name]),
  ).toEqual([
    [1, "valve 1"],
    [2, "purge"],
  ]);
  const steps = trace.traceEvents.filter((event: { ph: string }) => event.ph === "X");
  expect(steps.map(({ name, tid, ts, dur }: Record<string, unknown>) => [name, tid, ts, dur])).toEqual([
    ["TMA", 1, 0, 101_500],
    ["Purge", 2, 101_500, 3_000_000],
    ["TMA", 1, 3_101_500, 101_500],
  ]);
});

test("a step without an end begins and does not end; one without a time is left out", () => {
  const write = traceWriter(run);
  const open = sampleStep({ seq: 1, deviceStartedAt: at(0), endedAt: null, measuredMs: null });
  const timeless = sampleStep({ seq: 2, deviceStartedAt: null });
  const { traceEvents } = JSON.parse(traceHead(run) + write([open, timeless]) + TRACE_FOOT);
  expect(traceEvents.map((event: { ph: string }) => event.ph)).toEqual(["M", "M", "B"]);
});

test("a run without steps is a trace as well", () => {
  expect(JSON.parse(traceHead(run) + TRACE_FOOT).traceEvents).toHaveLength(1);
});
