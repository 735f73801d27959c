import { expect, test } from "vitest";
import { epochMs } from "#lib/time.ts";
import { draftOf, newDraft, readDraft } from "./note-draft.ts";

const begin = epochMs(Date.UTC(2026, 0, 5));
const nowhere = { seq: null, untilSeq: null, at: null, untilAt: null };
const draft = { ...newDraft({ step: 7, fromMs: 500, toMs: 61_000 }), body: " Leak? " };

test("what is open on the page is offered, and only the chosen place is sent", () => {
  expect(readDraft(draft, begin)).toEqual({ ok: true, text: { ...nowhere, body: "Leak?" } });
  expect(readDraft({ ...draft, kind: "step" }, begin)).toMatchObject({ text: { ...nowhere, seq: 7 } });
  expect(readDraft({ ...draft, kind: "stretch" }, begin)).toMatchObject({
    text: { ...nowhere, at: "2026-01-05T00:00:00.500000Z", untilAt: "2026-01-05T00:01:01.000000Z" },
  });
});

test.each([
  [{ body: " " }, "body"],
  [{ body: "x".repeat(4001) }, "body"],
  [{ kind: "step", seq: "0" }, "seq"],
  [{ kind: "steps", untilSeq: "" }, "untilSeq"],
  [{ kind: "steps", untilSeq: "6" }, "untilSeq"],
  [{ kind: "moment", from: "soon" }, "from"],
  [{ kind: "stretch", until: "0.4" }, "until"],
] as const)("%j is told at its field", (change, field) => {
  expect(readDraft({ ...draft, ...change }, begin)).toMatchObject({ ok: false, field });
});

test("a run without a first step has no moments", () => {
  expect(readDraft({ ...draft, kind: "moment" }, null)).toMatchObject({ ok: false, field: "from" });
});

test("a note that is edited keeps its place to the microsecond", () => {
  const at = epochMs(begin + 12_345.678);
  const edited = draftOf({ ...nowhere, at, body: "b" }, begin);
  expect(edited).toMatchObject({ kind: "moment", from: "12.345678 s" });
  expect(readDraft(edited, begin)).toMatchObject({ text: { at: "2026-01-05T00:00:12.345678Z" } });
  expect(draftOf({ ...nowhere, seq: 3, untilSeq: 5, body: "b" }, begin)).toMatchObject({
    kind: "steps",
    seq: "3",
    untilSeq: "5",
  });
});
