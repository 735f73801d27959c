import { z } from "zod";
import { assignees, workflowStepTypes, workStatuses } from "#lib/model/workflow.ts";
import { type Refusal, refusal } from "#lib/result.ts";

// What may come in from outside, checked for form before anything is sent. What may happen is Postgres's decision.

const TEXT_LIMIT = 4000;
const PATH_LIMIT = 500;
const FILES_LIMIT = 50;
const LARGEST = 2_147_483_647;

const id = z.int("is not a whole number").min(-LARGEST, "is no id").max(LARGEST, "is no id");
const words = (limit: number) =>
  z
    .string()
    .trim()
    .max(limit, `is longer than ${limit} characters`)
    .refine((text) => !text.includes("\u0000"), "holds a character that cannot be stored");
const maybeWords = (limit: number) =>
  words(limit)
    .nullish()
    .transform((text) => (text ? text : null));
const files = z
  .array(words(PATH_LIMIT).min(1, "names nothing"))
  .max(FILES_LIMIT, `holds more than ${FILES_LIMIT}`);

export const newStepSchema = z.strictObject({
  subtaskId: id,
  type: z.enum(workflowStepTypes, "is not a step type"),
  assignedTo: z.enum(assignees, "is not an assignee"),
  instructions: maybeWords(TEXT_LIMIT),
  filePath: maybeWords(PATH_LIMIT),
  contextFiles: files.default([]),
  parentId: id.nullish().transform((parent) => parent ?? null),
  /** Left out: the next free one. */
  number: id.min(1, "begins at 1").optional(),
  status: z.enum(workStatuses, "is not a status").optional(),
});
export type NewStep = z.input<typeof newStepSchema>;

/** What may change; id, number, project and subtask never do. A field left out stays as it is. */
export const stepChangeSchema = z
  .strictObject({
    status: z.enum(workStatuses, "is not a status").optional(),
    type: z.enum(workflowStepTypes, "is not a step type").optional(),
    assignedTo: z.enum(assignees, "is not an assignee").optional(),
    instructions: words(TEXT_LIMIT).nullable().optional(),
    filePath: words(PATH_LIMIT).nullable().optional(),
    contextFiles: files.optional(),
    attempts: id.min(0, "is below 0").optional(),
    lastError: words(TEXT_LIMIT).nullable().optional(),
    parentId: id.nullable().optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), "changes nothing");
export type StepChange = z.input<typeof stepChangeSchema>;

/** The input in the schema's form, or which field does not fit and why (`invalid_input`, 400). */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): { ok: true; value: T } | Refusal {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") || "input";
  return refusal(
    400,
    "invalid_input",
    `Not sent: ${field} ${issue?.message ?? "does not fit"}.`,
    "Correct it and try again.",
  );
}
