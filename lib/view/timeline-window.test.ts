import { expect, test } from "vitest";
import { timelineWindow } from "#lib/view/timeline-window.ts";

// The same figures as in supabase/tests/run_reads_test.sql.
test.each([
  [0, 3_600_000, 3_600_000, 0, 3_600_000],
  [1_000_000, 1_010_000, 3_600_000, 995_328, 1_015_808],
  [1_000_900, 1_010_900, 3_600_000, 995_328, 1_015_808],
  [1_000_000, 1_000_000, 3_600_000, 999_999.75, 1_000_001.25],
  [1_024, 2_048, 3_600_000, 768, 2_304],
  [1_010_000, 1_000_000, 3_600_000, 995_328, 1_015_808],
  [-5_000, 1e15, 3_600_000, 0, 3_600_000],
  [7_200_000, 7_200_001, 3_600_000, 3_599_999.75, 3_600_000],
])("a view from %s to %s of a run of %s ms is read from %s to %s", (from, to, duration, fromMs, toMs) => {
  expect(timelineWindow({ fromMs: from, toMs: to }, duration)).toEqual({ fromMs, toMs });
});

test("moving a view a little asks for the same window", () => {
  const asked = new Set<string>();
  for (let ms = 0; ms < 2_000; ms += 10)
    asked.add(JSON.stringify(timelineWindow({ fromMs: 1_000_000 + ms, toMs: 1_010_000 + ms }, 3_600_000)));
  expect(asked.size).toBeLessThanOrEqual(3);
});

test("what is read holds the view and no more than three times its span", () => {
  for (let span = 1; span < 1e8; span = span * 1.37 + 1) {
    const view = { fromMs: 3 * span, toMs: 4 * span };
    const { fromMs, toMs } = timelineWindow(view, 1e9);
    expect(fromMs).toBeLessThanOrEqual(view.fromMs);
    expect(toMs).toBeGreaterThanOrEqual(view.toMs);
    expect((toMs - fromMs) / span).toBeLessThanOrEqual(4);
  }
});
