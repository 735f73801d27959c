// Why a start cannot be reviewed or requested now, in the words a person reads beside the button. A courtesy: Postgres
// checks all of it again. Guarded by start-reasons.test.ts.

import type { StartReading, StartReview } from "#lib/model/start-review.ts";
import { nameText } from "#lib/view/name-text.ts";
import type { PermissiveView } from "#lib/view/permissive-rows.ts";

export type RecipeProblem = { readonly message: string; readonly hint: string };

/** What is wrong with the recipe that was chosen, as one sentence; null when it can be reviewed. */
export function recipeProblem(reading: StartReading | null, name: string | null): RecipeProblem | null {
  const recipe = name === null ? "This recipe" : `“${nameText(name)}”`;
  if (reading?.kind === "missing") {
    return { message: "There is no such recipe.", hint: "Choose one of the recipes listed." };
  }
  if (reading?.kind === "malformed") {
    return {
      message: `${recipe} cannot be played: ${reading.problem}.`,
      hint: "Choose another recipe, or have this one corrected at the named place.",
    };
  }
  const type = reading?.review.permissives.find(
    ({ key, isMet }) => key === "machine_type" && isMet === false,
  );
  if (type === undefined) return null;
  return { message: `${recipe} cannot run here: ${type.reason}.`, hint: type.hint ?? "" };
}

type Scene = {
  /** What stands against any start of this person on this machine (`whyNoStart`). */
  whyNotAtAll: string | null;
  isChosen: boolean;
  problem: RecipeProblem | null;
  /** Null while there is no answer yet. */
  permissives: PermissiveView | null;
  /** Why there is no answer. */
  readFault: string | null;
};

/** Null when the start may be reviewed, else the first reason against it. */
export function whyNoReview({
  whyNotAtAll,
  isChosen,
  problem,
  permissives,
  readFault,
}: Scene): string | null {
  if (whyNotAtAll !== null) return whyNotAtAll;
  if (!isChosen) return "Choose a recipe first.";
  if (problem !== null) return problem.message;
  if (permissives === null) return readFault ?? "The recipe is being read.";
  if (permissives.age.level === "no-data") {
    return "What must hold before a start has not been read for a while. Check the connection in the header.";
  }
  const [first, ...others] = permissives.notMet;
  if (first === undefined) return null;
  const more = others.length === 0 ? "" : ` ${others.length} more not met.`;
  return `${[first.why, first.hint].filter(Boolean).join(" ")}${more}`;
}

/** What a person has looked at and is about to ask for. */
export type Reviewed = Readonly<Pick<StartReview, "machineVersion" | "program" | "programTag">>;

/** What has changed since; null when the review still says how things are. */
export function whatChanged(
  reviewed: Reviewed,
  review: Reviewed | null,
  machine: { readonly name: string; readonly version: number },
): string | null {
  if (review !== null && review.programTag !== reviewed.programTag) {
    const [was, is] = [reviewed.program.recipe.version, review.program.recipe.version];
    const what = was === is ? "The recipe changed" : `The recipe changed from version ${was} to ${is}`;
    return `${what} since you opened this. Go back and look at it again.`;
  }
  if (Math.max(review?.machineVersion ?? 0, machine.version) > reviewed.machineVersion) {
    return `${nameText(machine.name)} changed since you opened this. Go back and look at it again.`;
  }
  return null;
}
