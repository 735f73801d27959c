import { expect, test } from "vitest";
import { elapsed, epochMs, exactMoment, isoMoment, later, parseMoment } from "#lib/time.ts";

const noon = Date.UTC(2026, 10, 21, 12);

test.each([
  ["2026-11-21T12:00:00Z", noon],
  ["2026-11-21T12:00:00.5Z", noon + 500],
  ["2026-11-21T12:00:00+00:00", noon],
  ["2026-11-21 12:00:00+00", noon],
  ["2026-11-21 13:30:00.25+01:30", noon + 250],
  ["2026-11-21T06:30:00-0530", noon],
])("%s is a moment", (text, expected) => {
  expect(parseMoment(text)).toBe(expected);
});

test("keeps the microseconds that Postgres keeps", () => {
  const first = parseMoment("2026-11-21T12:00:00.000100+00:00");
  const second = parseMoment("2026-11-21T12:00:00.000101+00:00");
  expect(first).toBeCloseTo(noon + 0.1, 3);
  expect(second).toBeGreaterThan(first ?? Number.NaN);
});

test.each(["", "yesterday", "2026-11-21", "2026-11-21T12:00:00", "2026-13-41T12:00:00Z", "infinity"])(
  "%j is not a moment",
  (text) => {
    expect(parseMoment(text)).toBeNull();
  },
);

test("elapsed and later are each other's inverse", () => {
  const from = epochMs(1_000);
  expect(elapsed(from, later(from, 250.5))).toBe(250.5);
  expect(elapsed(later(from, 10), from)).toBe(-10);
});

test("writes a moment as ISO 8601", () => {
  expect(isoMoment(epochMs(noon))).toBe("2026-11-21T12:00:00.000Z");
});

test("writes a moment to the microsecond, and comes back to it", () => {
  expect(exactMoment(epochMs(noon + 0.125))).toBe("2026-11-21T12:00:00.000125Z");
  expect(exactMoment(epochMs(noon + 0.99996))).toBe("2026-11-21T12:00:00.001000Z");
  expect(exactMoment(epochMs(noon + 250))).toBe("2026-11-21T12:00:00.250000Z");
});
