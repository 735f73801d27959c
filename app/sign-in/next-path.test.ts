import { expect, test } from "vitest";
import { ownPath } from "#app/sign-in/next-path.ts";

test.each([
  ["/runs/1?tab=steps#s", "/runs/1?tab=steps#s"],
  ["/", "/"],
  [undefined, "/"],
  ["", "/"],
  ["runs", "/"],
  ["https://evil.example/", "/"],
  ["//evil.example/x", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["/..//evil.example", "/"],
  ["/sign-in?next=/sign-in", "/"],
  [["/runs"], "/"],
])("%j leads to %j", (wanted, expected) => {
  expect(ownPath(wanted)).toBe(expected);
});
