import { expect, test } from "vitest";
import {
  type About,
  noteAnswer,
  noteAsked,
  noteWithdrawn,
  ownStarts,
  withAnswers,
  withoutWord,
} from "#components/machine/asked-commands.ts";
import { commandFixture } from "#components/machine/fixtures.ts";
import { refusal } from "#lib/result.ts";
import { epochMs } from "#lib/time.ts";

const start: About = { key: "start", machineId: "m", kind: "start" };
const stop: About = { key: "stop", machineId: "m", kind: "stop" };
const silence = refusal(0, "no_answer", "No answer.");
const no = refusal(409, "machine_not_idle", "Not idle.");
const states = (asked: ReturnType<typeof noteAsked>) => asked.map(({ key, state }) => `${key} ${state}`);

test("from the press to the last word, the newest first", () => {
  const both = noteAsked(noteAsked([], start), stop);
  expect(states(both)).toEqual(["stop sending", "start sending"]);
  const answered = noteAnswer(noteAnswer(both, "start", silence), "stop", {
    ok: true,
    command: commandFixture({ id: "stop" }),
  });
  expect(states(answered)).toEqual(["stop answered", "start silent"]);
  expect(states(noteAsked(answered, start)), "pressed again").toEqual(["start sending", "stop answered"]);
  expect(states(noteAnswer(answered, "start", no))).toEqual(["stop answered", "start refused"]);
});

test("what was withdrawn is not refused as well", () => {
  const withdrawn = noteWithdrawn(noteAsked([], start), "start");
  expect(states(noteAnswer(withdrawn, "start", no))).toEqual(["start withdrawn"]);
});

test("an answer fills in for the feed, and gives way to what the feed knows better", () => {
  const requested = commandFixture({ id: "stop", requestedAt: epochMs(5) });
  const asked = noteAnswer(noteAsked([], stop), "stop", { ok: true, command: requested });
  const before = commandFixture({ id: "before", requestedAt: epochMs(1) });
  expect(withAnswers([before], asked)).toEqual([requested, before]);
  const executing = { ...requested, status: "executing" as const };
  const told = [executing, before];
  expect(withAnswers(told, asked)).toBe(told);
  const done = { ...requested, status: "succeeded" as const };
  const late = noteAnswer(noteAsked([], stop), "stop", { ok: true, command: done });
  expect(withAnswers(told, late)).toEqual([done, before]);
});

test("a press is without a word until an answer or a row tells of it", () => {
  const asked = noteAnswer(noteAsked(noteAsked([], start), stop), "start", silence);
  expect(withoutWord(asked, []).map(({ key }) => key)).toEqual(["stop", "start"]);
  expect(withoutWord(asked, [commandFixture({ id: "start" })]).map(({ key }) => key)).toEqual(["stop"]);
  expect(withoutWord(noteAnswer(asked, "stop", no), [])).toHaveLength(1);
});

test("starts that may yet begin: on their way or without an answer, not those withdrawn or told of", () => {
  const asked = noteAsked(noteAsked([], start), stop);
  expect(ownStarts(asked, [])).toEqual({ keys: ["start"], state: "sending" });
  expect(ownStarts(noteAnswer(asked, "start", silence), [])).toEqual({ keys: ["start"], state: "silent" });
  expect(ownStarts(noteWithdrawn(asked, "start"), [])).toEqual({ keys: [], state: "none" });
  expect(ownStarts(asked, [commandFixture({ id: "start" })])).toEqual({ keys: [], state: "none" });
});
