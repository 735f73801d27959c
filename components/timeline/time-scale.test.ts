import { describe, expect, test } from "vitest";
import {
  formatOffset,
  panWindow,
  timeScale,
  timeTicks,
  zoomWindow,
} from "#components/timeline/time-scale.ts";

describe("timeScale", () => {
  test("turns a moment into a place and back", () => {
    const scale = timeScale({ fromMs: 1000, toMs: 3000 }, 500);
    expect(scale.x(2000)).toBe(250);
    expect(scale.msAt(250)).toBe(2000);
  });
});

describe("zoomWindow", () => {
  test("keeps the place under the pointer where it is", () => {
    const next = zoomWindow({ fromMs: 0, toMs: 1000 }, 0.5, 800, 10_000);
    expect(next).toEqual({ fromMs: 400, toMs: 900 });
  });

  test("stops at one millisecond", () => {
    const next = zoomWindow({ fromMs: 10, toMs: 12 }, 0.01, 11, 10_000);
    expect(next.toMs - next.fromMs).toBe(1);
  });

  test("never shows more than the run", () => {
    expect(zoomWindow({ fromMs: 0, toMs: 900 }, 4, 100, 1000)).toEqual({ fromMs: 0, toMs: 1000 });
  });
});

describe("panWindow", () => {
  test.each([
    ["past the start", -500, { fromMs: 0, toMs: 100 }],
    ["past the end", 5000, { fromMs: 900, toMs: 1000 }],
  ])("stops %s", (_where, by, expected) => {
    expect(panWindow({ fromMs: 200, toMs: 300 }, by, 1000)).toEqual(expected);
  });
});

describe("timeTicks", () => {
  test("are round and inside the window", () => {
    const { stepMs, at } = timeTicks(timeScale({ fromMs: 130, toMs: 730 }, 600));
    expect(stepMs).toBe(100);
    expect(at).toEqual([200, 300, 400, 500, 600, 700]);
  });
});

describe("formatOffset", () => {
  test.each([
    [0, 1000, "0:00"],
    [65_250, 50, "1:05.25"],
    [65_251, 1, "1:05.251"],
    [59_999.9, 1000, "1:00"],
    [3_723_000, 1000, "1:02:03"],
  ])("%d ms in steps of %d", (ms, step, expected) => {
    expect(formatOffset(ms, step)).toBe(expected);
  });
});
