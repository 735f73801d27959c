import { expect, test } from "vitest";
import { SAMPLE_START, sampleProgram } from "#lib/model/samples.ts";
import type { Permissive, StartReview } from "#lib/model/start-review.ts";
import { later } from "#lib/time.ts";
import { permissiveView } from "./permissive-rows.ts";

const now = SAMPLE_START;
const permissive = (over: Partial<Permissive>): Permissive => ({
  key: "reading",
  name: "chamber_temperature",
  isMet: true,
  value: 200.13,
  unit: "°C",
  minimum: 0,
  maximum: 400,
  readAt: later(now, -1_500),
  reason: null,
  hint: "Bring the value back within its limits, then start.",
  ...over,
});
const controller = (over: Partial<Permissive> = {}) =>
  permissive({
    key: "controller",
    name: "Controller",
    value: null,
    unit: null,
    minimum: null,
    maximum: null,
    hint: "Start the controller of this machine, or ask who looks after it.",
    ...over,
  });
const view = (permissives: Permissive[], answeredAgo = 500) =>
  permissiveView(
    {
      serverTime: later(now, -answeredAgo),
      machineVersion: 1,
      program: sampleProgram(),
      programTag: "v2-a",
      permissives,
      pace: null,
      lastGood: null,
    } satisfies StartReview,
    now,
  );
const only = (each: Permissive, answeredAgo?: number) => view([each], answeredAgo).groups[0]?.rows[0];

test("a fresh reading within its limits: value, limits, where between them, no words", () => {
  expect(only(permissive({}))).toMatchObject({
    title: "Chamber temperature",
    state: "met",
    value: "200.1 °C",
    limits: "0 to 400 °C",
    place: 0.500325,
    age: { level: "fresh" },
    why: null,
    hint: null,
  });
});

test("a reading beyond its limits says so in the database's words, and what to do", () => {
  const reason = "chamber_temperature reads 431.2 °C, allowed is 0 to 400";
  expect(only(permissive({ isMet: false, value: 431.2, reason }))).toMatchObject({
    state: "not-met",
    value: "431.2 °C",
    place: 1,
    why: "Chamber temperature reads 431.2 °C, allowed is 0 to 400.",
    hint: "Bring the value back within its limits, then start.",
  });
});

test("a reading grows old: with its age after three periods, unknown and no number after ten", () => {
  const aged = (ms: number) => only(permissive({ readAt: later(now, -ms) }));
  expect(aged(6_000)).toMatchObject({ state: "met", value: "200.1 °C", age: { level: "fresh" } });
  expect(aged(7_000)).toMatchObject({ state: "met", value: "200.1 °C", age: { label: "7 s old" } });
  expect(aged(21_000)).toMatchObject({
    state: "unknown",
    value: null,
    place: null,
    limits: "0 to 400 °C",
    why: "Last read 21 s ago.",
    hint: null,
  });
});

test("what nobody has read is not known, and does not count as wrong", () => {
  const found = view([permissive({ isMet: null, value: 0, readAt: null })]);
  expect(found.groups[0]?.rows[0]).toMatchObject({ state: "unknown", value: null, why: "Never read." });
  expect([found.notMet.length, found.unknown.length, found.total]).toEqual([0, 1, 1]);
});

test("what was found wanting stays so, however old it is", () => {
  const old = permissive({ isMet: false, reason: "too hot", readAt: later(now, -25_000) });
  expect(only(old)).toMatchObject({ state: "not-met", why: "Too hot." });
});

test("without a fresh answer of the database nothing is known any more, right or wrong", () => {
  const found = view(
    [permissive({}), controller({ isMet: false, reason: "no controller holds ALD-01" })],
    21_000,
  );
  expect(found.unknown).toHaveLength(2);
  expect(found.age.level).toBe("no-data");
  expect(found.unknown[0]?.why).toBe("This page has no fresh answer from the database.");
});

test("a set-point is told as it was written; it does not grow old", () => {
  const found = only(
    permissive({
      key: "set_point",
      name: "precursor_1_temperature",
      isMet: false,
      value: 260,
      maximum: 250,
      readAt: null,
      reason: "the recipe wants 260 °C for precursor_1_temperature, allowed is 0 to 250",
    }),
  );
  expect(found).toMatchObject({
    title: "Precursor 1 temperature set-point",
    state: "not-met",
    value: "260 °C",
    age: null,
    why: "The recipe wants 260 °C for precursor 1 temperature, allowed is 0 to 250.",
  });
});

test("the order is the same, whatever order the database tells them in", () => {
  const told = [permissive({ name: "pump_pressure" }), controller(), permissive({ name: "carrier_flow" })];
  const ids = (list: Permissive[]) => view(list).groups.flatMap(({ rows }) => rows.map(({ id }) => id));
  expect(ids(told)).toEqual(["controller Controller", "reading carrier_flow", "reading pump_pressure"]);
  expect(ids(told.toReversed())).toEqual(ids(told));
});

test("grouped by what they are about; a group without rows is left out", () => {
  const found = view([
    controller(),
    permissive({ name: "pump_pressure", unit: "Torr", value: 0.0049, maximum: 10 }),
  ]);
  expect(found.groups.map(({ title, rows }) => [title, rows.map((row) => row.title)])).toEqual([
    ["Machine", ["Controller"]],
    ["What the machine reads", ["Pump pressure"]],
  ]);
  expect(found.groups[0]?.rows[0]).toMatchObject({ value: null, limits: null, place: null });
});
