import { describe, expect, test } from "vitest";
import type { RunFinding, RunReport } from "#lib/model/report.ts";
import { findingCounts, findingLine, missingSentence } from "./finding-lines.ts";

const finding = (change: Partial<RunFinding>): RunFinding => ({
  kind: "valve_long",
  series: 1,
  stepName: "TMA pulse",
  valveNumber: 1,
  parameterName: null,
  unit: "ms",
  fromSeq: 402,
  toSeq: 402,
  fromCycle: 101,
  toCycle: 101,
  startMs: 720_000,
  endMs: null,
  count: 1,
  worstSeq: 402,
  worstCycle: 101,
  value: 111.2,
  expected: 100,
  limit: 105,
  ...change,
});
const report = (change: Partial<RunReport>): RunReport => ({
  isComplete: true,
  missing: [],
  missingCount: 0,
  findings: [],
  findingsTotal: 0,
  hasMore: false,
  ...change,
});

describe("findingLine", () => {
  test("one step", () => {
    expect(findingLine(finding({}))).toEqual({
      key: "valve_long 402 TMA pulse null",
      title: "Pulse too long",
      subject: "TMA pulse, valve 1",
      where: "cycle 101, step 402",
      reading: "+11 ms: 111 ms instead of 100 ms",
      seq: 402,
    });
  });

  test("a stretch of cycles, looked at where it is worst", () => {
    const line = findingLine(finding({ toSeq: 2_801, toCycle: 700, count: 600, worstSeq: 1_203 }));
    expect([line.where, line.seq]).toEqual(["cycles 101 to 700, 600 steps", 1_203]);
  });

  test("a drift tells how far", () => {
    const drift = finding({
      kind: "duration_drift",
      fromCycle: 1,
      toCycle: 1_000,
      count: 1_000,
      value: 3_030,
      expected: 3_000,
    });
    expect(findingLine(drift).reading).toBe("+30 ms on 3.0 s");
    expect(
      findingLine({ ...drift, kind: "peak_drift", unit: "Torr", value: 0.035, expected: 0.05 }).reading,
    ).toBe("−0.015 Torr on 0.050 Torr");
  });

  test("a parameter outside of any cycle", () => {
    const line = findingLine(
      finding({
        kind: "late_heater",
        stepName: "Heat",
        valveNumber: null,
        parameterName: "chamber_temperature",
        unit: "°C",
        fromSeq: 242,
        toSeq: 272,
        fromCycle: null,
        toCycle: null,
        value: 151.4,
        expected: 180,
      }),
    );
    expect([line.title, line.subject, line.where, line.reading]).toEqual([
      "Heater late",
      "Chamber temperature",
      "steps 242 to 272",
      "−28.6 °C: 151.4 °C instead of 180.0 °C",
    ]);
  });

  test("without figures there is no reading", () => {
    expect(findingLine(finding({ value: null })).reading).toBe("");
  });
});

test("kinds are counted by their steps, the most frequent first", () => {
  const findings = [
    finding({}),
    finding({ kind: "missing_pulse", count: 20 }),
    finding({ fromSeq: 500, count: 2 }),
  ];
  expect(findingCounts(report({ findings, findingsTotal: 3 }))).toEqual([
    "20 × Dose missing",
    "3 × Pulse too long",
  ]);
});

describe("missingSentence", () => {
  test.each([
    [[], 0, null],
    [[{ fromSeq: 50, toSeq: 52 }], 3, "Steps 50 to 52 are missing."],
    [[{ fromSeq: 7, toSeq: 7 }], 1, "Step 7 is missing."],
    [
      [
        { fromSeq: 7, toSeq: 7 },
        { fromSeq: 9, toSeq: 10 },
      ],
      3,
      "Step 7 is missing, and others: 3 steps in all.",
    ],
  ])("%j", (missing, missingCount, sentence) => {
    expect(missingSentence(report({ missing, missingCount, isComplete: missingCount === 0 }))).toBe(sentence);
  });
});
