import { expect, test } from "vitest";
import type { Person, Role } from "./person.ts";
import { whyNoMark } from "./run-mark.ts";

const person = (role: Role, isActive = true): Person => ({
  id: "p",
  email: null,
  name: "P",
  role,
  isActive,
  machineIds: [],
});

test.each(["engineer", "admin"] as const)("an active %s marks completed runs", (role) => {
  expect(whyNoMark(person(role), "completed", false)).toBeNull();
  expect(whyNoMark(person(role, false), "completed", false)).toMatch(/disabled/);
});

test.each(["viewer", "operator"] as const)("a %s is told who may", (role) => {
  expect(whyNoMark(person(role), "completed", true)).toBe("Only engineers and administrators mark runs.");
});

test("a run that did not complete is not good, but a mark can always be taken back", () => {
  expect(whyNoMark(person("admin"), "failed", false)).toBe(
    "Only a completed run can be good; this one is failed.",
  );
  expect(whyNoMark(person("admin"), "running", false)).toBe("It can be marked when it has completed.");
  expect(whyNoMark(person("admin"), "failed", true)).toBeNull();
});
