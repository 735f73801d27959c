"use client";

import { useState } from "react";
import { ConfirmButton } from "#components/machine/confirm-button.tsx";
import { ProgramOutline } from "#components/machine/program-outline.tsx";
import { RecipeFacts } from "#components/machine/recipe-facts.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, Select, TextArea } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Recipe, RecipeSummary } from "#lib/model/recipe.ts";
import type { Refusal } from "#lib/result.ts";
import { nameText } from "#lib/view/name-text.ts";

export interface StartDraft {
  readonly recipeId: string | null;
  readonly notes: string;
}

interface StartDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly machineName: string;
  /** Null while they are on their way. */
  readonly recipes: readonly RecipeSummary[] | null;
  readonly recipe: Recipe | null;
  /** Why recipes could not be read. */
  readonly readFault: string | null;
  readonly draft: StartDraft;
  readonly onDraftChange: (draft: StartDraft) => void;
  /** When the run would end if it began now, in words with its zone. */
  readonly finish: string | null;
  /** Why the machine takes no start at this moment; it may have changed since the dialog opened. */
  readonly whyNot: string | null;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  readonly onConfirm: () => void;
}

/** Choose, review, start. Nothing is sent before the last press. */
export function StartDialog(props: StartDialogProps) {
  const [isReview, review] = useState(false);
  const isReady = props.recipe?.program != null;
  const { machineName, recipe } = props;

  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title={
        isReview && recipe
          ? `Start “${nameText(recipe.name)}” on ${nameText(machineName)}?`
          : `Start a run on ${nameText(machineName)}`
      }
      description={
        isReview
          ? "The recipe is frozen as shown; later edits do not change this run. The first step begins when the controller has accepted."
          : "Choose a recipe. Nothing is sent before you have reviewed it."
      }
      footer={
        isReview ? (
          <ReviewFooter {...props} onBack={() => review(false)} />
        ) : (
          <>
            <Button size="lg" onClick={() => props.onOpenChange(false)}>
              Cancel
            </Button>
            <Button variant="primary" size="lg" disabled={!isReady} onClick={() => review(true)}>
              Review
            </Button>
          </>
        )
      }
    >
      {isReview ? <Review {...props} /> : <Choose {...props} />}
    </Dialog>
  );
}

function ReviewFooter(props: StartDialogProps & { readonly onBack: () => void }) {
  return (
    <>
      <Button size="lg" onClick={props.onBack}>
        Back
      </Button>
      <ConfirmButton
        variant="primary"
        isSending={props.isSending}
        isBlocked={props.whyNot !== null}
        onConfirm={props.onConfirm}
      >
        Request start
      </ConfirmButton>
    </>
  );
}

function Choose({ recipes, recipe, readFault, draft, onDraftChange }: StartDialogProps) {
  return (
    <div className="grid gap-4">
      {readFault ? <RefusalBanner message={readFault} hint="Close this and try again." /> : null}
      <Field label="Recipe">
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.recipeId ?? ""}
            onChange={(event) => onDraftChange({ ...draft, recipeId: event.target.value || null })}
            className="h-11"
          >
            <option value="">{placeholder(recipes)}</option>
            {recipes?.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name} (version {each.version})
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.recipeId === null ? null : recipe === null ? (
        <Skeleton className="h-40" />
      ) : (
        <ChosenRecipe recipe={recipe} />
      )}
      <Field label="Notes (optional)" hint="Sample, purpose, anything the next person should know.">
        {(wiring) => (
          <TextArea
            {...wiring}
            rows={2}
            maxLength={2000}
            value={draft.notes}
            onChange={(event) => onDraftChange({ ...draft, notes: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function placeholder(recipes: readonly RecipeSummary[] | null): string {
  if (recipes === null) return "Reading the recipes…";
  return recipes.length === 0 ? "No recipe is for this type of machine" : "Choose a recipe…";
}

function ChosenRecipe({ recipe }: { readonly recipe: Recipe }) {
  if (!recipe.program) {
    return (
      <RefusalBanner
        message={`“${nameText(recipe.name)}” cannot run: ${recipe.problem ?? "its program could not be read"}`}
        hint="Choose another recipe, or have this one corrected."
      />
    );
  }
  return (
    <div className="grid gap-3">
      <RecipeFacts recipe={recipe} program={recipe.program} />
      <ProgramOutline program={recipe.program} />
    </div>
  );
}

function Review({ recipe, draft, finish, whyNot, refusal, machineName }: StartDialogProps) {
  return (
    <div className="grid gap-4">
      {recipe?.program ? <RecipeFacts recipe={recipe} program={recipe.program} finish={finish} /> : null}
      {draft.notes.trim() === "" ? null : (
        <p className="rounded-md border border-line bg-sunken px-3 py-2 text-sm break-words whitespace-pre-wrap">
          {draft.notes}
        </p>
      )}
      {whyNot ? (
        <RefusalBanner message={`${nameText(machineName)} takes no start now.`} hint={whyNot} />
      ) : refusal ? (
        <RefusalBanner message={refusal.message} hint={refusal.hint} code={refusal.code} />
      ) : null}
    </div>
  );
}
