import { expect, test } from "vitest";
import { durationMs, epochMs } from "#lib/time.ts";
import {
  formatAge,
  formatClock,
  formatClockWithZone,
  formatDeviation,
  formatDuration,
  isKnownZone,
  zoneLabel,
} from "#lib/time-format.ts";

test.each([
  [0, "0 ms"],
  [0.4, "0.4 ms"],
  [3.21, "3.2 ms"],
  [9.96, "10 ms"],
  [104.4, "104 ms"],
  [999.4, "999 ms"],
  [999.6, "1.0 s"],
  [3_200, "3.2 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min 00 s"],
  [245_000, "4 min 05 s"],
  [3_599_600, "1 h 00 min"],
  [3_720_000, "1 h 02 min"],
  [86_399_000, "1 d 00 h"],
  [273_600_000, "3 d 04 h"],
  [-104, "−104 ms"],
  [Number.NaN, "–"],
])("%d ms reads %s", (ms, text) => {
  expect(formatDuration(durationMs(ms))).toBe(text);
});

test.each([
  [4, "+4.0 ms"],
  [40, "+40 ms"],
  [-1_200, "−1.2 s"],
  [0.01, "±0 ms"],
])("a difference of %d ms reads %s", (ms, text) => {
  expect(formatDeviation(durationMs(ms))).toBe(text);
});

test.each([
  [-500, "0 s old"],
  [7_900, "7 s old"],
  [60_000, "1 min old"],
  [7_200_000, "2 h old"],
  [260_000_000, "3 d old"],
])("an age of %d ms reads %s", (ms, text) => {
  expect(formatAge(durationMs(ms))).toBe(text);
});

const at = epochMs(Date.UTC(2026, 6, 1, 22, 3, 4, 56));

test.each([
  ["time", "22:03:04"],
  ["minute", "22:03"],
  ["millisecond", "22:03:04.056"],
  ["date", "2026-07-01"],
  ["date-time", "2026-07-01 22:03"],
] as const)("clock style %s", (style, text) => {
  expect(formatClock(at, "UTC", style)).toBe(text);
});

test("midnight is 00, also west and east of Greenwich", () => {
  const midnight = epochMs(Date.UTC(2026, 0, 1));
  expect(formatClock(midnight, "UTC")).toBe("00:00:00");
  expect(formatClock(midnight, "Asia/Kolkata")).toBe("05:30:00");
});

test("a zone is named by its offset at that moment, across daylight saving", () => {
  expect(zoneLabel(at, "Europe/Helsinki")).toBe("UTC+3");
  expect(zoneLabel(epochMs(Date.UTC(2026, 0, 1)), "Europe/Helsinki")).toBe("UTC+2");
  expect(zoneLabel(at, "Asia/Kolkata")).toBe("UTC+5:30");
  expect(formatClockWithZone(at, "UTC")).toBe("22:03:04 UTC");
});

test("an unknown zone is told apart before it is used", () => {
  expect(isKnownZone("Europe/Helsinki")).toBe(true);
  expect(isKnownZone("Mars/Olympus")).toBe(false);
});
