import type { Program } from "#lib/model/program.ts";
import { type ProgramDiff, programDiff } from "./program-diff.ts";
import { asVersion, type RecipeDraft } from "./recipe-draft.ts";

/** What saving a draft would change of the program it is written upon, its description included. */
export function draftDiff(base: Program, description: string, draft: RecipeDraft): ProgramDiff {
  const diff = programDiff(base, asVersion(draft, base));
  const described = draft.head.description.trim();
  if (described === description.trim()) return diff;
  const change = { label: "description", from: description.trim() || "none", to: described || "none" };
  return { ...diff, isSame: false, settings: [...diff.settings, change] };
}
