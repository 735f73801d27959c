import { expect, test } from "vitest";
import { nameText } from "#lib/view/name-text.ts";

test("a name is cut where it would fill the sentence, between characters", () => {
  expect(nameText("ALD-01")).toBe("ALD-01");
  expect(nameText("x".repeat(80))).toBe("x".repeat(80));
  expect(nameText("x".repeat(10_000))).toBe(`${"x".repeat(80)}…`);
  expect(nameText("🧪".repeat(100))).toBe(`${"🧪".repeat(80)}…`);
});

test("a name from right to left does not turn what stands beside it", () => {
  expect(`Stop ${nameText("مفاعل 7")}?`).toBe("Stop \u2068مفاعل 7\u2069?");
});
