import { expect, test } from "vitest";
import { whyNoNote } from "./note.ts";
import { type Person, roles } from "./person.ts";

const person = (role: Person["role"], isActive = true): Person => ({
  id: "p",
  email: null,
  name: "P",
  role,
  isActive,
  machineIds: [],
});

test("engineers and administrators write notes; others, and disabled profiles, are told why not", () => {
  expect(roles.map((role) => whyNoNote(person(role)))).toEqual([
    "Only engineers and administrators write notes.",
    "Only engineers and administrators write notes.",
    null,
    null,
  ]);
  expect(whyNoNote(person("admin", false))).toMatch(/disabled/);
});
