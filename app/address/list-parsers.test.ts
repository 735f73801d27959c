import { expect, test } from "vitest";
import { parseAsIds, parseAsPlace, placeIn } from "./list-parsers.ts";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const ids = (count: number) => Array.from({ length: count }, (_, n) => id(n));

test("a list of ids is read whole or not at all, each once", () => {
  const { parse, serialize } = parseAsIds(20);
  expect(parse(serialize(ids(20)))).toEqual(ids(20));
  expect(parse(`${id(1)},${id(2)},${id(1)}`)).toEqual([id(1), id(2)]);
  for (const text of ["", "x", `${id(1)},`, `${id(1)} ${id(2)}`, ids(21).join(",")])
    expect(parse(text), text).toBeNull();
});

test("a place is what the database named, and nothing that merely looks like it", () => {
  const places = [
    ["2026-11-21T08:00:00.123456+00:00", id(1)],
    [-1, id(2)],
    ['a "b", c', id(3)],
  ] as const;
  for (const place of places) expect(parseAsPlace.parse(parseAsPlace.serialize(place))).toEqual(place);
  for (const text of [
    "",
    "[",
    "1",
    "[1]",
    `[null,"${id(1)}"]`,
    '[1,"x"]',
    `[1,"${id(1)}",2]`,
    `["\\u0000","${id(1)}"]`,
  ])
    expect(parseAsPlace.parse(text), text).toBeNull();
});

test("a place belongs to one order", () => {
  const at = (value: string | number) => [value, id(1)] as const;
  expect(placeIn("start_time", at("2026-11-21T08:00:00.123456+00:00"))).not.toBeNull();
  expect(placeIn("duration", at(12.5))).not.toBeNull();
  expect(placeIn("steps", at(402))).not.toBeNull();
  expect(placeIn("status", at("failed"))).not.toBeNull();
  expect(placeIn("machine", at("ALD-01"))).not.toBeNull();
  const astray = [
    ["start_time", "2026-13-41T08:00:00+00:00"],
    ["start_time", "yesterday"],
    ["duration", "12"],
    ["steps", 1.5],
    ["deviation_count", 2 ** 31],
    ["status", "gone"],
    ["operator", 7],
  ] as const;
  for (const [sort, value] of astray) expect(placeIn(sort, at(value)), `${sort} ${value}`).toBeNull();
  expect(placeIn("start_time", null)).toBeNull();
});
