import { expect, test } from "vitest";
import { ignoredParams, ignoredSentence } from "#app/address/ignored.ts";
import {
  parseAsCount,
  parseAsDay,
  parseAsFlag,
  parseAsId,
  parseAsOffsetMs,
  parseAsWords,
} from "#app/address/parsers.ts";
import { ignoredView } from "#app/runs/[id]/view-params.ts";
import { RUNS_PARAMS_WANTED, runsParams } from "#app/runs/search-params.ts";

const ID = "23051052-71db-454b-a2d6-f0ae36b88c59";

test.each([
  ["an id", parseAsId, ID, ["1'", "23051052", `${ID}0`, ` ${ID}`, `{${ID}}`]],
  ["words", parseAsWords, "a,b.eq.1", ["x".repeat(201), "a\u0000b", "a\nb"]],
  ["a flag", parseAsFlag, "true", ["yes", "1", "TRUE"]],
  ["a day", parseAsDay, "2026-02-28", ["2026-02-30", "2026-13-01", "28.2.2026", "2026-02-28T10:00"]],
  ["a count", parseAsCount(50), "50", ["0", "-1", "51", "1.5", "1e3", "x", "01", " 1"]],
  ["an offset", parseAsOffsetMs, "12.25", ["-1", "1e3", "Infinity", "NaN", "200000000000", "0x10"]],
])("%s is read as it is written, and nothing else is", (_, parser, good, bad) => {
  expect(parser.parse(good)).not.toBeNull();
  expect(bad.filter((text) => parser.parse(text) !== null)).toEqual([]);
});

const ignored = (search: string) =>
  ignoredSentence(ignoredParams(runsParams, RUNS_PARAMS_WANTED, new URLSearchParams(search)));

test("what cannot be read is named in one sentence, with what it should be", () => {
  expect(ignored("status=failed&text=x&least=2")).toBeNull();
  expect(ignored("machine=1'&least=0&other=x")).toBe(
    "Ignored in the address: machine “\u20681'\u2069” is not the id of a machine; least “\u20680\u2069” is not a number of deviations, from 1.",
  );
  expect(ignored("from=yesterday")).toBe(
    "Ignored in the address: from “\u2068yesterday\u2069” is not a day, such as 2026-11-21.",
  );
  expect(ignored("least=1&least=2")).toBe(
    "Ignored in the address: least is given more than once, and only the first counts.",
  );
  expect(ignored(`machine=${"9".repeat(10_000)}`)).toContain(`“\u2068${"9".repeat(40)}…\u2069” is not`);
});

test("half a window of a run, or one that ends before it begins, is named", () => {
  const view = (search: string) => ignoredSentence(ignoredView(new URLSearchParams(search)));
  expect(view("from=0&to=1000&step=3&tab=steps")).toBeNull();
  expect(view("from=5")).toBe("Ignored in the address: from stands without to.");
  expect(view("from=5&to=5")).toBe("Ignored in the address: to is not after from.");
  expect(view("step=99999999999&tab=map")).toMatch(
    /tab .*map.* is not a view of a run .*; step .* is not the number/,
  );
});
