import { expect, test } from "vitest";
import { SAMPLE_START, sampleStep } from "#lib/model/samples.ts";
import { durationMs, epochMs } from "#lib/time.ts";
import { csvHeading, csvLine, type ExportedRun } from "./step-csv.ts";

const run: ExportedRun = { machine: "ALD-01", recipe: "Al2O3", origin: "simulated", begins: SAMPLE_START };

const cells = (text: string): Record<string, string> => {
  const names = csvHeading().trimEnd().split(",");
  return Object.fromEntries(
    text
      .trimEnd()
      .split(",")
      .map((cell, index) => [names[index] ?? "", cell]),
  );
};

test("a step with its three durations, its place and where it comes from", () => {
  const step = sampleStep({
    seq: 3,
    stepName: "TMA pulse",
    deviceStartedAt: epochMs(SAMPLE_START + 1_500.25),
    startedAt: epochMs(SAMPLE_START + 2_000),
    endedAt: epochMs(SAMPLE_START + 2_105),
    plannedMs: durationMs(100),
    measuredMs: durationMs(101.25),
    loopPath: [2, 1],
  });
  expect(cells(csvLine(step, run))).toMatchObject({
    seq: "3",
    step_name: "TMA pulse",
    loop_path: "2/1",
    start_ms: "1500.25",
    planned_ms: "100",
    measured_ms: "101.25",
    recorded_ms: "105",
    machine: "ALD-01",
    origin: "simulated",
  });
});

test("what is not known is empty", () => {
  const step = sampleStep({ seq: 1, deviceStartedAt: null, endedAt: null, measuredMs: null, pulse: null });
  expect(cells(csvLine(step, run))).toMatchObject({
    start_ms: "",
    measured_ms: "",
    recorded_ms: "",
    peak_torr: "",
  });
});

test.each([
  ['say "a", b', '"say ""a"", b"'],
  ["two\nlines", '"two\nlines"'],
  ["=cmd()", "'=cmd()"],
  ["@sum", "'@sum"],
])("the name %j is written %s", (stepName, written) => {
  expect(csvLine(sampleStep({ seq: 1, stepName }), run)).toContain(`,${written},`);
});
