import { expect, test } from "vitest";
import { runLook } from "./run-look.ts";

test("twenty runs look different from each other", () => {
  const looks = Array.from({ length: 20 }, (_, at) => JSON.stringify(runLook(at + 1)));
  expect(new Set(looks).size).toBe(20);
});
