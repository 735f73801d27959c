import { expect, test } from "vitest";
import type { Note } from "#lib/model/note.ts";
import { epochMs } from "#lib/time.ts";
import { offsetText, parseOffset, placeShown, placeText } from "./note-place.ts";

const begin = epochMs(1_000_000);
const nowhere = { seq: null, untilSeq: null, at: null, untilAt: null };
const note = (part: Partial<Note>): Note => ({
  ...nowhere,
  id: "n",
  version: 1,
  body: "b",
  startMs: null,
  endMs: null,
  authorId: "p",
  authorName: null,
  createdAt: begin,
  editedAt: null,
  isRetracted: false,
  mayEdit: false,
  ...part,
});

test("a place is said in words; a note on the run has none", () => {
  expect(placeText(nowhere, begin)).toBeNull();
  expect(placeText({ ...nowhere, seq: 1200 }, begin)).toBe("Step 1\u202f200");
  expect(placeText({ ...nowhere, seq: 3, untilSeq: 9 }, begin)).toBe("Steps 3 to 9");
  expect(placeText({ ...nowhere, at: epochMs(1_012_500) }, begin)).toBe("At 12.5 s");
  expect(placeText({ ...nowhere, at: epochMs(1_012_500), untilAt: epochMs(1_072_000) }, begin)).toBe(
    "12.5 s to 1:12",
  );
});

test.each([
  [0, "0 s"],
  [15.125, "0.015125 s"],
  [59_999.9994, "59.999999 s"],
  [60_000, "1:00"],
  [65_250, "1:05.25"],
  [3_723_000, "1:02:03"],
  [86_400_000, "24:00:00"],
])("%d ms from the first step is written %s, and read back", (ms, text) => {
  expect(offsetText(ms)).toBe(text);
  expect(parseOffset(text)).toBeCloseTo(ms, 3);
});

test.each(["", "soon", "-1", "1:2:3:4", "1e3", "12,5", "::1"])(
  "%j is no time from the first step",
  (text) => {
    expect(parseOffset(text)).toBeNull();
  },
);

test("a step leads to the steps, what lasts and a moment to the timeline, the run nowhere", () => {
  expect(placeShown(note({}))).toBeNull();
  expect(placeShown(note({ seq: 7, startMs: 10, endMs: 20 }))).toEqual({ tab: "steps", step: 7 });
  expect(placeShown(note({ seq: 7, untilSeq: 9, startMs: 1000.123, endMs: 2000 }))).toEqual({
    tab: "timeline",
    from: 1000.12,
    to: 2000,
    step: 7,
  });
  expect(placeShown(note({ seq: 7, untilSeq: 9 }))).toEqual({ tab: "steps", step: 7 });
  expect(placeShown(note({ at: begin, startMs: 1000 }))).toEqual({
    tab: "timeline",
    from: 0,
    to: 3500,
    step: null,
  });
});
