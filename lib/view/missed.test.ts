import { expect, test } from "vitest";
import { epochMs } from "#lib/time.ts";
import { type Absence, absenceAfter, missedText, type Shown } from "./missed.ts";

const run = { id: "a", status: "running", lastSeq: 20, deviationCount: 1 } as const;
const before: Shown = { at: epochMs(1_000), status: "processing", run };
const after = (change: Partial<Shown>): string =>
  missedText(before, { ...before, at: epochMs(43_000), ...change });

test("steps and deviations of the run that went on", () => {
  expect(after({ run: { ...run, lastSeq: 34, deviationCount: 2 } })).toBe(
    "While this page was not live (42.0 s): 14 steps, 1 deviation.",
  );
});

test("the end of the run and what became of the machine", () => {
  expect(after({ status: "idle", run: { ...run, lastSeq: 21, status: "aborted" } })).toBe(
    "While this page was not live (42.0 s): 1 step, the run ended: aborted, the machine went from processing to idle.",
  );
});

test("another run, whether it is on or over", () => {
  expect(after({ run: { ...run, id: "b" } })).toContain("(42.0 s): another run began.");
  expect(after({ run: { ...run, id: "b", status: "failed" } })).toContain(
    "another run began, failed by now.",
  );
  expect(after({ run: null })).toContain("nothing happened.");
});

test("that nothing happened is said as well", () => {
  expect(after({})).toBe("While this page was not live (42.0 s): nothing happened.");
});

const later = (ms: number): Shown => ({ ...before, at: epochMs(ms) });

test("a page that is behind keeps what it showed first, and tells once it is not", () => {
  const away = absenceAfter(null, before, true);
  expect(away).toEqual({ before, text: null });
  expect(absenceAfter(away, later(3_000), true)).toBe(away);
  const told = absenceAfter(away, later(4_000), false);
  expect(told?.text).toBe("While this page was not live (3.0 s): nothing happened.");
  expect(absenceAfter(told, later(9_000), false)).toBe(told);
});

test("a page that was never behind, or whose sentence was read, has nothing to tell", () => {
  expect(absenceAfter(null, before, false)).toBeNull();
});

test("away again before the sentence was read: it is told from the first moment on", () => {
  const told: Absence = { before, text: "While this page was not live (3.0 s): nothing happened." };
  const away = absenceAfter(told, later(9_000), true);
  expect(away).toEqual({ before, text: null });
  expect(absenceAfter(away, later(11_000), false)?.text).toContain("(10.0 s)");
});
