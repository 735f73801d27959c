import { describe, expect, test } from "vitest";
import { fetchWindow, withLiveSpans } from "#components/timeline/fetch-window.ts";
import type { TimelineSpan } from "#lib/model/timeline.ts";
import { durationMs } from "#lib/time.ts";

describe("fetchWindow", () => {
  test("asks for the same while panning within half a cell", () => {
    const one = fetchWindow({ fromMs: 1100, toMs: 2000 }, 100_000, 1000);
    const two = fetchWindow({ fromMs: 1500, toMs: 2400 }, 100_000, 1000);
    expect(two).toEqual(one);
  });

  test.each([
    [1100, 2000],
    [1023, 2047],
    [0, 3],
    [99_000, 99_900],
  ])("covers %d to %d and asks for at least a column per pixel", (fromMs, toMs) => {
    const asked = fetchWindow({ fromMs, toMs }, 100_000, 800);
    expect(asked.fromMs).toBeLessThanOrEqual(fromMs);
    expect(asked.toMs).toBeGreaterThanOrEqual(toMs);
    const columnMs = (asked.toMs - asked.fromMs) / asked.pixels;
    expect(columnMs).toBeLessThanOrEqual((toMs - fromMs) / 800);
  });

  test("asks for the whole run at once", () => {
    expect(fetchWindow({ fromMs: 0, toMs: 500 }, 500, 800)).toEqual({ fromMs: 0, toMs: 500, pixels: 800 });
  });
});

const span = (seq: number, startMs: number, endMs: number | null, count = 1): TimelineSpan => ({
  lane: "purge",
  startMs,
  endMs: endMs ?? startMs,
  count,
  seq,
  name: "Purge",
  stepType: "purge",
  plannedMs: null,
  measuredMs: null,
  worstDeviationMs: durationMs(0),
  deviations: 0,
  isOpen: endMs === null,
});

describe("withLiveSpans", () => {
  test("cuts a merged span where the live steps begin, and shows no step twice", () => {
    const merged = withLiveSpans(
      [span(1, 0, 100, 9), span(10, 100, 400, 4), span(14, 400, null)],
      [span(12, 200, 300), span(13, 300, null)],
    );
    expect(merged.map(({ seq, startMs, endMs, isOpen }) => ({ seq, startMs, endMs, isOpen }))).toEqual([
      { seq: 1, startMs: 0, endMs: 100, isOpen: false },
      { seq: 10, startMs: 100, endMs: 200, isOpen: false },
      { seq: 12, startMs: 200, endMs: 300, isOpen: false },
      { seq: 13, startMs: 300, endMs: 300, isOpen: true },
    ]);
  });

  test("leaves an ended run alone", () => {
    const fetched = [span(1, 0, 100)];
    expect(withLiveSpans(fetched, [])).toBe(fetched);
  });
});
