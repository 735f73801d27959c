import { expect, test } from "vitest";
import { type PgType, toJson } from "./values.ts";

function type(name: string, more: Partial<PgType> = {}): PgType {
  return { name, kind: "b", element: 0, elementDelimiter: ",", base: 0, ...more };
}

const TYPES = new Map<number, PgType>([
  [1, type("bool")],
  [2, type("numeric")],
  [3, type("jsonb")],
  [4, type("timestamptz")],
  [5, type("text")],
  [6, type("_numeric", { element: 2 })],
  [7, type("_text", { element: 5 })],
  [8, type("torr", { kind: "d", base: 2 })],
  [9, type("box")],
  [10, type("_box", { element: 9, elementDelimiter: ";" })],
  [11, type("_jsonb", { element: 3 })],
]);

test.each([
  ["t", 1, "true"],
  ["f", 1, "false"],
  [null, 1, "null"],
  ["1.50", 2, "1.50"],
  ["-1e-05", 2, "-1e-05"],
  ["NaN", 2, '"NaN"'],
  ["Infinity", 2, '"Infinity"'],
  ['{"a": [1, null]}', 3, '{"a": [1, null]}'],
  ["2019-05-24 08:00:00.123456+00", 4, '"2019-05-24T08:00:00.123456+00:00"'],
  ["0044-03-15 12:00:00+00 BC", 4, '"0044-03-15T12:00:00+00:00 BC"'],
  ["infinity", 4, '"infinity"'],
  ['a"b\n', 5, '"a\\"b\\n"'],
  ["1.5", 8, "1.5"],
  ["who knows", 99, '"who knows"'],
  ["{}", 6, "[]"],
  ["{1,NULL,-2.5}", 6, "[1,null,-2.5]"],
  ["{{1,2},{3,4}}", 6, "[[1,2],[3,4]]"],
  ["[2:3]={7,8}", 6, "[7,8]"],
  ['{plain,"a,b","NULL",NULL,"","q\\"\\\\{"}', 7, '["plain","a,b","NULL",null,"","q\\"\\\\{"]'],
  ["{(1,1),(0,0);(2,2),(1,1)}", 10, '["(1,1),(0,0)","(2,2),(1,1)"]'],
  ['{"{\\"a\\": [1, \\"}\\"]}",null}', 11, '[{"a": [1, "}"]},null]'],
])("%s of type %i is %s", (text, oid, json) => {
  expect(toJson(text, oid, TYPES)).toBe(json);
});

test.each(["{1,2", '{"1', "{{1}"])("the broken array %s throws instead of running on", (text) => {
  expect(() => toJson(text, 6, TYPES)).toThrow("not an array literal");
});
