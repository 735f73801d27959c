import { expect, test } from "vitest";
import { FieldFault, Fields } from "#lib/model/fields.ts";
import { durationMs, epochMs } from "#lib/time.ts";

const row = new Fields({
  name: "ALD-01",
  none: null,
  wide: "9007199254740991",
  exact: 1.5,
  long: "2.25e3",
  at: "2026-11-21 08:00:00.5+00",
  isOn: false,
  list: [{ n: 1 }, { n: "x" }],
  inner: { word: "stop" },
});
const faultOf = (read: () => unknown): string => {
  try {
    read();
  } catch (fault) {
    if (fault instanceof FieldFault) return `${fault.path}: ${fault.problem}`;
    throw fault;
  }
  throw new Error("it did fit");
};

test("each field comes back as what it is", () => {
  expect(row.text("name")).toBe("ALD-01");
  expect(row.number("wide")).toBe(Number.MAX_SAFE_INTEGER);
  expect(row.number("exact")).toBe(1.5);
  expect(row.maybeDuration("long")).toBe(durationMs(2250));
  expect(row.moment("at")).toBe(epochMs(Date.UTC(2026, 10, 21, 8) + 500));
  expect(row.yes("isOn")).toBe(false);
  expect(row.inner("inner").word("word", ["start", "stop"])).toBe("stop");
});

test("null and a missing field are nothing to those that may find nothing", () => {
  for (const name of ["none", "absent"]) {
    expect(row.maybeText(name)).toBeNull();
    expect(row.maybeNumber(name)).toBeNull();
    expect(row.maybeReal(name)).toBeNull();
    expect(row.maybeDuration(name)).toBeNull();
    expect(row.maybeMoment(name)).toBeNull();
    expect(row.maybeWord(name, ["a"])).toBeNull();
    expect(row.maybeInner(name)).toBeNull();
    expect(row.listOr(name)).toEqual([]);
    expect(row.yesOr(name, true)).toBe(true);
  }
});

test.each<[string, () => unknown, string]>([
  ["text", () => row.text("none"), "none: is not text"],
  ["a number", () => row.number("name"), "name: is not a number"],
  ["a number in text where it must be one already", () => row.real("wide"), "wide: is not a number"],
  ["a whole number", () => row.integer("exact"), "exact: is not a whole number"],
  ["a least one", () => new Fields({ n: 0 }).integer("n", 1), "n: is below 1"],
  ["a moment", () => row.moment("name"), 'name: "ALD-01" is not a moment'],
  ["yes or no", () => row.yesOr("name", true), "name: is neither true nor false"],
  ["a word", () => row.word("name", ["a", "b"]), 'name: "ALD-01" is none of a, b'],
  ["a list", () => row.listOr("inner"), "inner: is not a list"],
  ["an object", () => row.maybeInner("list"), "list: is not an object"],
  ["a field of an object in it", () => row.inner("inner").text("gone"), "inner.gone: is not text"],
  ["a field in a list", () => row.each("list", (each) => each.number("n")), "list[1].n: is not a number"],
  ["what is no object at all", () => new Fields([]), ": is not an object"],
  ["a number beyond all numbers", () => new Fields({ n: Number.NaN }).number("n"), "n: is not a number"],
])("what is not %s names its path", (_, read, fault) => {
  expect(faultOf(read)).toBe(fault);
});

test("a fault in a part says where the part lies", () => {
  expect(new FieldFault("type", "is odd").under("steps[2]").message).toBe("steps[2].type: is odd");
  expect(new FieldFault("", "is no object").under("steps[2]").path).toBe("steps[2]");
});
