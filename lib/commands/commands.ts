import { z } from "zod";
import type { ClearRequest, ReconcileRequest, StartRunRequest, StopRequest } from "#lib/model/command.ts";
import type { EditNoteRequest, RetractNoteRequest, WriteNoteRequest } from "#lib/model/note.ts";
import type { SaveRecipeRequest } from "#lib/model/recipe.ts";
import type { MarkRequest } from "#lib/model/run-mark.ts";
import { type Refusal, refusal } from "#lib/result.ts";

// One schema per command, used by the browser before sending and by the server action on arrival. They check the form
// only; whether a command may happen is Postgres's decision.

const REASON_LIMIT = 500;
const NOTE_LIMIT = 2000;
const TAG_LIMIT = 100;
const NOTE_BODY_LIMIT = 4000;

// Any id that Postgres takes for one: a lab's own ids need not carry a version.
const id = z.guid("is not an id");
const reason = z
  .string()
  .trim()
  .min(1, "say why, in a few words")
  .max(REASON_LIMIT, `is longer than ${REASON_LIMIT} characters`)
  .refine((text) => !text.includes("\u0000"), "holds a character that cannot be stored");
const optionalText = (limit: number) =>
  z
    .string()
    .trim()
    .max(limit, `is longer than ${limit} characters`)
    .refine((text) => !text.includes("\u0000"), "holds a character that cannot be stored")
    .nullish()
    .transform((text) => (text ? text : null));

/** Postgres counts steps, and versions of a note, in 32 bits. */
const MOST_STEPS = 2 ** 31 - 1;
const stepNumber = z
  .int()
  .min(1)
  .max(MOST_STEPS)
  .nullish()
  .transform((seq) => seq ?? null);
const moment = z.iso
  .datetime("is not a moment")
  .nullish()
  .transform((at) => at ?? null);

export const startRunSchema = z.object({
  commandId: id,
  machineId: id,
  recipeId: id,
  expectedVersion: z
    .int()
    .min(1)
    .nullish()
    .transform((version) => version ?? null),
  expectedProgram: optionalText(TAG_LIMIT),
  description: optionalText(NOTE_LIMIT),
  parameters: z
    .record(z.string().max(60), z.union([z.string().max(200), z.number(), z.boolean()]))
    .default({}),
}) satisfies z.ZodType<StartRunRequest>;

export const requestStopSchema = z.object({
  commandId: id,
  machineId: id,
  runId: id.nullish().transform((run) => run ?? null),
  mode: z.enum(["now", "end_of_cycle"]).default("now"),
  reason: optionalText(REASON_LIMIT),
}) satisfies z.ZodType<StopRequest>;

export const clearMachineSchema = z.object({
  commandId: id,
  machineId: id,
  reason,
}) satisfies z.ZodType<ClearRequest>;

export const reconcileRunSchema = z.object({
  commandId: id,
  runId: id,
  outcome: z.enum(["aborted", "failed"]),
  reason,
}) satisfies z.ZodType<ReconcileRequest>;

export const markRunSchema = z.object({
  runId: id,
  isGood: z.boolean(),
  reason,
}) satisfies z.ZodType<MarkRequest>;

const noteText = {
  body: z
    .string()
    .trim()
    .min(1, "is empty")
    .max(NOTE_BODY_LIMIT, `is longer than ${NOTE_BODY_LIMIT} characters`)
    .refine((text) => !text.includes("\u0000"), "holds a character that cannot be stored"),
  seq: stepNumber,
  untilSeq: stepNumber,
  at: moment,
  untilAt: moment,
};

export const writeNoteSchema = z.object({
  noteId: id,
  runId: id,
  ...noteText,
}) satisfies z.ZodType<WriteNoteRequest>;

const seenNote = { noteId: id, version: z.int().min(1).max(MOST_STEPS) };

export const editNoteSchema = z.object({ ...seenNote, ...noteText }) satisfies z.ZodType<EditNoteRequest>;

export const retractNoteSchema = z.object(seenNote) satisfies z.ZodType<RetractNoteRequest>;

/** A program is judged by the database; here only that it is an object that can be stored. */
const storable = z
  .record(z.string(), z.unknown())
  .refine(
    (program) => !JSON.stringify(program).includes("\\u0000"),
    "holds a character that cannot be stored",
  );

export const saveRecipeSchema = z.object({
  recipeId: id,
  expectedVersion: z.int().min(0).max(MOST_STEPS),
  expectedProgram: optionalText(TAG_LIMIT),
  note: optionalText(REASON_LIMIT),
  program: storable,
}) satisfies z.ZodType<SaveRecipeRequest>;

/** Parses the input of a command, or says which field does not fit (`invalid_input`, 400). Nothing was sent then. */
export function parseCommand<T>(schema: z.ZodType<T>, input: unknown): { ok: true; request: T } | Refusal {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, request: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "input";
  return refusal(
    400,
    "invalid_input",
    `Not sent: ${field} ${issue?.message ?? "does not fit"}.`,
    "Correct it and try again.",
  );
}
