"use client";

import { memo, useMemo, useState } from "react";
import { useKeptDraft } from "#app/recipes/use-kept-draft.ts";
import { useNewestVersion } from "#app/recipes/use-newest-version.ts";
import { useRecipeEditor } from "#app/recipes/use-recipe-editor.ts";
import { type RecipeBase, useRecipeSaving } from "#app/recipes/use-recipe-saving.ts";
import { EditorBar } from "#components/recipes/editor-bar.tsx";
import { HeadFields } from "#components/recipes/head-fields.tsx";
import { SaveDialog } from "#components/recipes/save-dialog.tsx";
import { StepList } from "#components/recipes/step-list.tsx";
import { controlId } from "#components/recipes/step-move-buttons.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Notice, RefusalBanner } from "#components/ui/notice.tsx";
import { totals as totalsOf } from "#lib/model/program.ts";
import type { RecipeParts } from "#lib/model/recipe.ts";
import { counted } from "#lib/view/count.ts";
import { draftDiff } from "#lib/view/draft-diff.ts";
import { type DraftFault, faultAt } from "#lib/view/draft-faults.ts";
import { draftRows } from "#lib/view/draft-moves.ts";
import { programRows } from "#lib/view/program-tree.ts";
import { programOf, type RecipeDraft } from "#lib/view/recipe-draft.ts";

interface RecipeEditorProps {
  readonly opened: RecipeBase;
  readonly initial: RecipeDraft;
  readonly parts: RecipeParts;
}

/** A recipe under the pen. It draws itself when something is typed, not with every second of the page around it. */
export const RecipeEditor = memo(function RecipeEditor({ opened, initial, parts }: RecipeEditorProps) {
  const editing = useRecipeEditor(initial);
  const { draft } = editing;
  const isTouched = draft !== initial;
  const [isDone, setDone] = useState(false);
  const kept = useKeptDraft(
    opened.version === 0 ? "a new recipe" : opened.recipeId,
    isTouched && !isDone ? draft : null,
  );
  const saving = useRecipeSaving(opened, () => {
    setDone(true);
    kept.forget();
  });
  const newest = useNewestVersion(opened.recipeId, saving.base.version);
  const [enteredId, setEntered] = useState<string | null>(null);

  const { rows, program, times } = useMemo(() => {
    const program = programOf(draft);
    const times = new Map(programRows(program).map(({ id, totalMs }) => [id, totalMs]));
    return { rows: draftRows(draft.steps), program, times };
  }, [draft]);
  const faults = useMemo(
    () => [...editing.faults, ...(saving.place ? faultAt(saving.place, rows) : [])],
    [editing.faults, saving.place, rows],
  );
  const entered = rows.find(({ step }) => step.id === enteredId) ?? null;
  const whole = faults.filter(({ path }) => path === "steps");
  const whyNot = whyNotSave(editing.faults, isTouched || opened.version === 0);
  const parameters = useMemo(
    () => parts.parameters.filter(({ machineType }) => machineType === draft.head.machine_type),
    [parts, draft.head.machine_type],
  );

  return (
    <>
      {kept.found && !isTouched ? (
        <Notice
          kind="plain"
          aside={
            <span className="flex gap-2">
              <Button size="sm" onClick={() => kept.found && editing.reset(kept.found)}>
                Take it up
              </Button>
              <Button size="sm" variant="ghost" onClick={kept.forget}>
                Throw it away
              </Button>
            </span>
          }
        >
          What you typed here before and did not save was kept.
        </Notice>
      ) : null}
      {newest > saving.base.version && !isDone ? (
        <Notice kind="plain">
          Version {newest} was saved meanwhile. Go on: what it changed is shown when you save, and yours
          follows it.
        </Notice>
      ) : null}
      <Card aria-label="Settings">
        <CardHeader title="Settings" />
        <HeadFields
          head={draft.head}
          machineTypes={parts.machineTypes}
          faults={faults}
          onChange={editing.changeHead}
        />
      </Card>
      <Card aria-label="Program">
        <CardHeader title="Program" note={`${counted(rows.length, "step")} written, played in this order`} />
        {whole.map(({ problem }) => (
          <div key={problem} className="px-4 py-3">
            <RefusalBanner message={`${problem}.`} />
          </div>
        ))}
        <StepList
          rows={rows}
          totals={times}
          faults={faults}
          parameters={parameters}
          focus={editing.focus}
          onEnter={setEntered}
          onChange={editing.change}
          onMove={editing.move}
        />
        <p role="status" className="flex min-h-11 items-center gap-3 px-4 text-xs text-ink-muted">
          {editing.said}
          {editing.undo ? (
            <Button size="sm" onClick={editing.undo}>
              Undo
            </Button>
          ) : null}
        </p>
      </Card>
      <EditorBar
        totals={totalsOf(program.steps)}
        isPartial={editing.faults.some(({ stepId }) => stepId !== null)}
        after={entered && { place: entered.place, name: entered.step.name }}
        onAdd={(type) => editing.add(type, entered?.step.id ?? null)}
        whyNot={whyNot}
        onLook={editing.faults.length > 0 ? () => lookAt(editing.faults[0]) : null}
        onSave={saving.open}
      />
      {saving.isOpen ? (
        <SaveDialog
          version={saving.base.version + 1}
          diff={saving.base.program && draftDiff(saving.base.program, saving.base.description, draft)}
          note={saving.note}
          isSending={saving.isSending}
          refusal={saving.refusal}
          overtaken={saving.overtaken}
          onNote={saving.write}
          onClose={saving.close}
          onSave={() => void saving.save(draft)}
          onFollow={saving.follow}
        />
      ) : null}
    </>
  );
});

function whyNotSave(faults: readonly DraftFault[], isTouched: boolean): string | null {
  if (faults.length > 0) return `${counted(faults.length, "fault")}: show the first`;
  return isTouched ? null : "Nothing changed yet";
}

/** The keyboard goes to what is at fault. */
function lookAt(fault: DraftFault | undefined): void {
  if (!fault) return;
  const control = fault.stepId
    ? document.getElementById(controlId(fault.stepId, fault.field ?? "name"))
    : document.querySelector<HTMLElement>("main [aria-invalid=true]");
  control?.focus();
  if (control instanceof HTMLInputElement) control.select();
}
