import { type Refusal, refusal } from "#lib/result.ts";
import { forPerson } from "#lib/supabase/call.ts";

/** The codes under which Postgres and PostgREST say no, by what they mean here. Their words are kept where they are ours. */
const GUARDED = ["PT404", "PT422"];

/** What the database's "no" means to a person; `done` is what was not done, e.g. "The step was not added". */
export function explain(done: string, answer: Refusal): Refusal {
  if (answer.code === "42501") return notAllowed(done);
  if (answer.code === "23503") {
    return refusal(
      409,
      "not_found",
      `${done}: what it refers to is not there.`,
      "Look at the workflow as it is now.",
    );
  }
  if (GUARDED.includes(answer.code)) {
    const code = answer.status === 404 ? "not_found" : "not_in_place";
    return refusal(answer.status, code, answer.message, answer.hint);
  }
  if (answer.status === 0) {
    const hint = "Look at the step before you try again.";
    return { ...answer, message: `${answer.message} It is not known whether it was done.`, hint };
  }
  return forPerson(answer);
}

export const notAllowed = (done: string): Refusal =>
  refusal(403, "not_allowed", `${done}: only engineers change the workflow.`, "Ask an engineer.");

export const noSuchStep = (done: string, id: number): Refusal =>
  refusal(404, "not_found", `${done}: there is no step ${id}.`, "Look at the workflow as it is now.");
