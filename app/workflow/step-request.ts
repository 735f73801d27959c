import { z } from "zod";
import { workStatuses } from "#lib/model/workflow.ts";
import type { StepChange } from "#lib/workflow/step-input.ts";

const common = {
  stepId: z.int(),
  /** The status the person saw; a step that has moved on since is left alone. */
  from: z.enum(workStatuses, "is not a status"),
};

/** What a person may ask of a step. Failing one needs a word on what went wrong. */
export const stepRequestSchema = z.discriminatedUnion("action", [
  z.strictObject({ ...common, action: z.enum(["start", "retry", "complete"]) }),
  z.strictObject({
    ...common,
    action: z.literal("fail"),
    error: z.string().trim().min(1, "says nothing: tell what went wrong"),
  }),
]);
export type StepRequest = z.infer<typeof stepRequestSchema>;

/** Attempts and the last error follow in the database. */
export function changeFor(request: StepRequest): StepChange {
  if (request.action === "fail") return { status: "failed", lastError: request.error };
  return { status: request.action === "complete" ? "completed" : "in_progress" };
}
