import { expect, test } from "vitest";
import { refusal } from "#lib/result.ts";
import { explain } from "./explain.ts";
import { newStepSchema, parseInput, stepChangeSchema } from "./step-input.ts";

const fresh = { subtaskId: 1, type: "test", assignedTo: "TaraAider" };
const refused = (input: unknown, schema: Parameters<typeof parseInput>[0] = newStepSchema) => {
  const parsed = parseInput(schema, input);
  return parsed.ok ? null : [parsed.status, parsed.code, parsed.message];
};

test("a new step needs little; what is left out or blank is nothing", () => {
  expect(parseInput(newStepSchema, { ...fresh, instructions: "  ", filePath: " a.ts " })).toEqual({
    ok: true,
    value: { ...fresh, instructions: null, filePath: "a.ts", contextFiles: [], parentId: null },
  });
});

test("what does not fit is named", () => {
  expect(refused({ ...fresh, type: "dance" })).toEqual([
    400,
    "invalid_input",
    "Not sent: type is not a step type.",
  ]);
  expect(refused({ ...fresh, assignedTo: "Bob" })?.[2]).toBe("Not sent: assignedTo is not an assignee.");
  expect(refused({ ...fresh, subtaskId: 1.5 })?.[2]).toBe("Not sent: subtaskId is not a whole number.");
  expect(refused({ ...fresh, subtaskId: 2 ** 31 })?.[2]).toBe("Not sent: subtaskId is no id.");
  expect(refused({ ...fresh, number: 0 })?.[2]).toBe("Not sent: number begins at 1.");
  expect(refused({ ...fresh, contextFiles: ["a", ""] })?.[2]).toBe("Not sent: contextFiles.1 names nothing.");
  expect(refused({ ...fresh, instructions: "a\u0000b" })?.[2]).toBe(
    "Not sent: instructions holds a character that cannot be stored.",
  );
  expect(refused({ ...fresh, projectId: 2 })?.[0]).toBe(400);
});

test("a change names at least one thing, and nothing that never changes", () => {
  expect(parseInput(stepChangeSchema, { lastError: null }).ok).toBe(true);
  expect(refused({}, stepChangeSchema)?.[2]).toBe("Not sent: input changes nothing.");
  expect(refused({ status: "paused" }, stepChangeSchema)?.[2]).toBe("Not sent: status is not a status.");
  expect(refused({ status: "failed", number: 3 }, stepChangeSchema)?.[0]).toBe(400);
});

test("the database's no keeps its own sentence, and Postgres's words are replaced by ours", () => {
  const said = (status: number, code: string, message = "words of Postgres") =>
    explain("The step was not added", refusal(status, code, message));
  expect(said(422, "PT422", "Step 2 was not saved: why.")).toMatchObject({
    status: 422,
    code: "not_in_place",
    message: "Step 2 was not saved: why.",
  });
  expect(said(404, "PT404", "There is no subtask.")).toMatchObject({ status: 404, code: "not_found" });
  expect(said(403, "42501")).toMatchObject({
    status: 403,
    code: "not_allowed",
    message: "The step was not added: only engineers change the workflow.",
  });
  expect(said(409, "23503")).toMatchObject({ status: 409, code: "not_found" });
  expect(said(0, "no_answer", "Could not add the step: no answer within 8 s.")).toMatchObject({
    code: "no_answer",
    message: "Could not add the step: no answer within 8 s. It is not known whether it was done.",
  });
  expect(said(503, "PGRST000")).toMatchObject({ status: 503, code: "PGRST000" });
});
