import { expect, test } from "vitest";
import { durationMs, epochMs } from "#lib/time.ts";
import { LATENCIES_KEPT, latencyOf, withLatencies } from "./latency.ts";
import { formatBytes, retentionOf } from "./stored.ts";
import { violationTitle } from "./violation-title.ts";

const times = (...ms: number[]) => ms.map(durationMs);

test("median and 95th percentile are measured times, not means", () => {
  expect(latencyOf([])).toBeNull();
  expect(latencyOf(times(40))).toEqual({ count: 1, medianMs: 40, p95Ms: 40 });
  const hundred = times(...Array.from({ length: 100 }, (_, n) => 100 - n));
  expect(latencyOf(hundred)).toEqual({ count: 100, medianMs: 50, p95Ms: 95 });
});

test("the last changes count, none of them below zero", () => {
  expect(withLatencies(times(1), times(-3, 2))).toEqual([1, 0, 2]);
  const many = withLatencies(times(...Array.from({ length: LATENCIES_KEPT }, () => 7)), times(9));
  expect([many.length, many.at(-1)]).toEqual([LATENCIES_KEPT, 9]);
});

test("bytes have three figures and a unit", () => {
  expect([0, 999, 8_192, 1_530_000, 25_000_000_000].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "8.19 kB",
    "1.53 MB",
    "25.0 GB",
  ]);
});

test("retention drops the months that ended before it, and never readings without a month", () => {
  const month = (name: string, until: number | null, bytes: number) => ({
    month: until === null ? null : name,
    until: until === null ? null : epochMs(until),
    bytes,
    readings: 10,
  });
  const months = [
    month("2026-11", Date.UTC(2026, 11, 1), 5),
    month("2026-08", Date.UTC(2026, 8, 1), 7),
    month("2026-07", Date.UTC(2026, 7, 1), 9),
    month("", null, 1),
  ];
  const now = epochMs(Date.UTC(2026, 10, 21, 12));
  expect(retentionOf(months, 3, now)).toEqual({ dropped: ["2026-07"], bytes: 9, readings: 10 });
  expect(retentionOf(months, 12, now)).toEqual({ dropped: [], bytes: 0, readings: 0 });
});

test("what is wrong has a title, be it new to this version", () => {
  expect(violationTitle("I2")).toBe("Tables and run disagree about the machine");
  expect(violationTitle("I99")).toBe("I99 does not hold");
});
