import { postgresChangesFilter } from "@supabase/supabase-js";
import { expect, test } from "vitest";
import { parseFilters } from "./filter.ts";

function condition(column: string, op: string, value: string, negate = false) {
  return { column, op, value, negate };
}

test.each([
  ["", []],
  ["  ", []],
  ["id=eq.1", [condition("id", "eq", "1")]],
  ["id=not.eq.1", [condition("id", "eq", "1", true)]],
  ["id=gt.0,id=lt.100", [condition("id", "gt", "0"), condition("id", "lt", "100")]],
  ["id=in.(1,2,3),name=eq.x", [condition("id", "in", "{1,2,3}"), condition("name", "eq", "x")]],
  ['name=in.("a,b",c)', [condition("name", "in", '{"a,b",c}')]],
  ['name=eq."a,b"', [condition("name", "eq", "a,b")]],
  [
    'name=eq."say \\"hi\\" \\\\ bye",id=eq.1',
    [condition("name", "eq", 'say "hi" \\ bye'), condition("id", "eq", "1")],
  ],
  ['name=eq.5" pipe', [condition("name", "eq", '5" pipe')]],
  ["at=gte.2024-01-01T10:00:00.5+00:00", [condition("at", "gte", "2024-01-01T10:00:00.5+00:00")]],
  ["name=eq.a=b.c", [condition("name", "eq", "a=b.c")]],
  ["name=eq.", [condition("name", "eq", "")]],
  ["name=is.null", [condition("name", "is", "null")]],
  ["name=not.is.null", [condition("name", "is", "null", true)]],
  ["name=match.^(a|b),id=eq.1", [condition("name", "match", "^(a|b)"), condition("id", "eq", "1")]],
])("%s", (text, filters) => {
  expect(parseFilters(text)).toEqual({ ok: true, value: filters });
});

test.each([
  ["undefined", '"undefined" is not of the form column=operator.value'],
  ["=eq.1", '"=eq.1" is not of the form'],
  ["id=eq", '"id=eq" is not of the form'],
  ["id=foo.1", '"foo" is not an operator (known: eq, neq,'],
  ["id=not.1", '"id=not.1" is not of the form'],
  ["id=eq.1,", "filter must not contain empty segments"],
  [",id=eq.1", "filter must not contain empty segments"],
  ["id=in.1,2", "`in` filter value must be wrapped by parentheses"],
  ["id=in.(", "`in` filter value must be wrapped by parentheses"],
])("%s is refused: %s", (text, reason) => {
  expect(parseFilters(text)).toEqual({
    ok: false,
    message: expect.stringContaining(`Error parsing \`filter\` params: ${reason}`),
  });
});

test("what the filter builder of the client library writes is read back", () => {
  const filter = postgresChangesFilter()
    .eq("a", 'x,"y"\\(z)')
    .in("b", ["1", "2,3", 'q"'])
    .not("c", "like", "p%")
    .is("d", null)
    .isDistinct("e", " padded ");
  expect(parseFilters(filter.build())).toEqual({
    ok: true,
    value: [
      condition("a", "eq", 'x,"y"\\(z)'),
      condition("b", "in", '{1,"2,3","q\\""}'),
      condition("c", "like", "p%", true),
      condition("d", "is", "null"),
      condition("e", "isdistinct", " padded "),
    ],
  });
});
