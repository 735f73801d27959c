"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { saveRecipeAction } from "#app/recipes/actions.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useAsking } from "#app/use-asking.ts";
import type { Program } from "#lib/model/program.ts";
import { fetchRecipe } from "#lib/queries/recipes.ts";
import type { Refusal } from "#lib/result.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { ReadFault } from "#lib/supabase/call.ts";
import { faultPlaceRow } from "#lib/supabase/rows/recipe.ts";
import { type ProgramDiff, programDiff } from "#lib/view/program-diff.ts";
import { programOf, type RecipeDraft } from "#lib/view/recipe-draft.ts";

/** What a draft is written upon: version 0 is no recipe yet; `program` null where it could not be read. */
export type RecipeBase = {
  readonly recipeId: string;
  readonly version: number;
  readonly tag: string | null;
  readonly program: Program | null;
  readonly description: string;
};

type Overtaken = { readonly base: RecipeBase; readonly version: number; readonly diff: ProgramDiff | null };

export interface RecipeSaving {
  readonly base: RecipeBase;
  readonly isOpen: boolean;
  readonly isSending: boolean;
  readonly note: string;
  readonly refusal: Refusal | null;
  /** Where the database found a fault, as it names the place. */
  readonly place: { readonly path: string; readonly problem: string } | null;
  readonly overtaken: Overtaken | null;
  readonly open: () => void;
  readonly close: () => void;
  readonly write: (note: string) => void;
  readonly follow: () => void;
  readonly save: (draft: RecipeDraft) => Promise<void>;
}

/** Saves a draft upon the version that was opened; when somebody was faster, says what they changed and goes on from there. */
export function useRecipeSaving(opened: RecipeBase, onSaved: () => void): RecipeSaving {
  const router = useRouter();
  const client = browserClient(useRuntimeConfig());
  const { isSending, ask } = useAsking("the versions of this recipe");
  const [base, setBase] = useState(opened);
  const [isOpen, setOpen] = useState(false);
  const [isSaved, setSaved] = useState(false);
  const [note, setNote] = useState("");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [overtaken, setOvertaken] = useState<Overtaken | null>(null);

  const readNewer = async () => {
    try {
      const now = await fetchRecipe(client, base.recipeId);
      if (now === null) return;
      const read = now.program.ok ? now.program : null;
      const newer: RecipeBase = {
        recipeId: base.recipeId,
        version: now.recipe.version,
        tag: read?.tag ?? null,
        program: read?.program ?? null,
        description: now.recipe.description ?? "",
      };
      const diff = base.program && newer.program && programDiff(base.program, newer.program);
      setOvertaken({ base: newer, version: newer.version, diff });
    } catch (fault) {
      if (!(fault instanceof ReadFault)) throw fault;
      setRefusal(fault.refusal);
    }
  };

  const save = async (draft: RecipeDraft) => {
    setRefusal(null);
    const answer = await ask(() =>
      saveRecipeAction({
        recipeId: base.recipeId,
        expectedVersion: base.version,
        expectedProgram: base.tag,
        note,
        program: programOf(draft),
      }),
    );
    if (answer.ok) {
      // Until the recipe's own page is there, nothing more can be pressed.
      setSaved(true);
      onSaved();
      router.push(`/recipes/${base.recipeId}`);
      router.refresh();
      return;
    }
    setRefusal(answer);
    if (answer.code === "recipe_changed") await readNewer();
  };

  return {
    ...{ base, isOpen, note, refusal, overtaken },
    isSending: isSending || isSaved,
    place: refusal?.code === "program_invalid" && refusal.details ? faultPlaceRow(refusal.details) : null,
    open: () => {
      setRefusal(null);
      setOpen(true);
    },
    close: () => setOpen(false),
    write: setNote,
    follow: () => {
      if (overtaken) setBase(overtaken.base);
      setOvertaken(null);
      setRefusal(null);
    },
    save,
  };
}
