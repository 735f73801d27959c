import { expect, test } from "vitest";
import { versionPair } from "./version-pair.ts";

const VERSIONS = [{ version: 7 }, { version: 4 }, { version: 1 }];
const NOTHING = { from: null, to: null };

test("the newest and the one before it, unless the address says otherwise", () => {
  expect(versionPair(VERSIONS, NOTHING)).toEqual({ from: 4, to: 7 });
  expect(versionPair(VERSIONS, { from: 1, to: null })).toEqual({ from: 1, to: 7 });
  expect(versionPair(VERSIONS, { from: null, to: 4 })).toEqual({ from: 1, to: 4 });
  expect(versionPair(VERSIONS, { from: 7, to: 1 })).toEqual({ from: 7, to: 1 });
  expect(versionPair(VERSIONS, { from: 99, to: 4 }), "not there: the page says so").toEqual({
    from: 99,
    to: 4,
  });
});

test("one version alone is beside none", () => {
  expect(versionPair([{ version: 1 }], NOTHING)).toBe(null);
  expect(versionPair([], NOTHING)).toBe(null);
  expect(versionPair(VERSIONS, { from: null, to: 1 })).toBe(null);
});
