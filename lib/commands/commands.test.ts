import { expect, test } from "vitest";
import {
  clearMachineSchema,
  editNoteSchema,
  markRunSchema,
  parseCommand,
  reconcileRunSchema,
  requestStopSchema,
  retractNoteSchema,
  saveRecipeSchema,
  startRunSchema,
  writeNoteSchema,
} from "#lib/commands/commands.ts";

const id = "0b6f1f0e-6a3f-4d53-9f0e-0123456789ab";

test("a start needs three ids and fills in the rest", () => {
  expect(parseCommand(startRunSchema, { commandId: id, machineId: id, recipeId: id })).toEqual({
    ok: true,
    request: {
      commandId: id,
      machineId: id,
      recipeId: id,
      expectedVersion: null,
      expectedProgram: null,
      description: null,
      parameters: {},
    },
  });
});

test("a stop means now unless it says otherwise, and needs no reason", () => {
  expect(parseCommand(requestStopSchema, { commandId: id, machineId: id, reason: "  " })).toEqual({
    ok: true,
    request: { commandId: id, machineId: id, runId: null, mode: "now", reason: null },
  });
});

test.each([
  [startRunSchema, { commandId: "x", machineId: id, recipeId: id }, "Not sent: commandId is not an id."],
  [startRunSchema, null, /^Not sent: input /],
  [requestStopSchema, { commandId: id, machineId: id, mode: "emergency" }, /^Not sent: mode /],
  [
    clearMachineSchema,
    { commandId: id, machineId: id, reason: " " },
    "Not sent: reason say why, in a few words.",
  ],
  [
    clearMachineSchema,
    { commandId: id, machineId: id, reason: "x".repeat(501) },
    "Not sent: reason is longer than 500 characters.",
  ],
  [
    clearMachineSchema,
    { commandId: id, machineId: id, reason: "a\u0000b" },
    "Not sent: reason holds a character that cannot be stored.",
  ],
  [
    reconcileRunSchema,
    { commandId: id, runId: id, outcome: "completed", reason: "r" },
    /^Not sent: outcome /,
  ],
])("bad input %# is refused in one sentence", (schema, input, message) => {
  const parsed = parseCommand<unknown>(schema, input);
  expect(parsed).toMatchObject({ ok: false, code: "invalid_input", status: 400 });
  expect(parsed.ok ? "" : parsed.message).toMatch(message);
});

test("a mark says which run, which way and why", () => {
  const request = { runId: id, isGood: true, reason: "uniform over the wafer" };
  expect(parseCommand(markRunSchema, request)).toEqual({ ok: true, request });
  expect(parseCommand(markRunSchema, { ...request, reason: " " })).toMatchObject({ code: "invalid_input" });
  expect(parseCommand(markRunSchema, { ...request, isGood: "yes" })).toMatchObject({ code: "invalid_input" });
});

test("a note says where it is; an edit and a retraction name the version that was seen", () => {
  const text = { body: "Leak?", seq: 3, untilSeq: null, at: null, untilAt: null };
  const written = { noteId: id, runId: id, ...text };
  expect(parseCommand(writeNoteSchema, written)).toEqual({ ok: true, request: written });
  const at = "2026-01-05T00:00:12.345678Z";
  expect(parseCommand(writeNoteSchema, { ...written, seq: null, at })).toMatchObject({ request: { at } });
  expect(parseCommand(writeNoteSchema, { ...written, body: " " })).toMatchObject({
    message: "Not sent: body is empty.",
  });
  expect(parseCommand(writeNoteSchema, { ...written, at: "noon" })).toMatchObject({
    message: "Not sent: at is not a moment.",
  });
  expect(parseCommand(editNoteSchema, { noteId: id, ...text })).toMatchObject({ code: "invalid_input" });
  expect(parseCommand(retractNoteSchema, { noteId: id, version: 2 })).toMatchObject({ ok: true });
});

test("a recipe is sent as it is written; the database judges its program", () => {
  const request = {
    recipeId: id,
    expectedVersion: 0,
    expectedProgram: null,
    note: " why ",
    program: { steps: [] },
  };
  expect(parseCommand(saveRecipeSchema, request)).toEqual({ ok: true, request: { ...request, note: "why" } });
  expect(parseCommand(saveRecipeSchema, { ...request, program: [] })).toMatchObject({
    code: "invalid_input",
  });
  expect(parseCommand(saveRecipeSchema, { ...request, expectedVersion: -1 })).toMatchObject({
    code: "invalid_input",
  });
  expect(parseCommand(saveRecipeSchema, { ...request, note: "n".repeat(501) })).toMatchObject({
    code: "invalid_input",
  });
  expect(parseCommand(saveRecipeSchema, { ...request, program: { name: "a\u0000" } })).toMatchObject({
    message: "Not sent: program holds a character that cannot be stored.",
  });
});
