import { expect, test } from "vitest";
import { changeFor, stepRequestSchema } from "./step-request.ts";

const seen = { stepId: 7, from: "pending" as const };

test("what a person asks of a step, as a change of it", () => {
  expect(changeFor({ ...seen, action: "start" })).toEqual({ status: "in_progress" });
  expect(changeFor({ ...seen, action: "retry" })).toEqual({ status: "in_progress" });
  expect(changeFor({ ...seen, action: "complete" })).toEqual({ status: "completed" });
  expect(changeFor({ ...seen, action: "fail", error: "leaks" })).toEqual({
    status: "failed",
    lastError: "leaks",
  });
});

test("failing needs a word, nothing else takes one", () => {
  const isGood = (input: unknown) => stepRequestSchema.safeParse(input).success;
  expect(isGood({ ...seen, action: "fail", error: "leaks" })).toBe(true);
  expect(isGood({ ...seen, action: "fail", error: "  " })).toBe(false);
  expect(isGood({ ...seen, action: "fail" })).toBe(false);
  expect(isGood({ ...seen, action: "retry", error: "leaks" })).toBe(false);
  expect(isGood({ ...seen, action: "delete" })).toBe(false);
  expect(isGood({ ...seen, action: "retry", status: "completed" })).toBe(false);
});
