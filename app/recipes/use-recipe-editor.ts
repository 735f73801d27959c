"use client";

import { useCallback, useMemo, useState } from "react";
import type { StepMove } from "#components/recipes/step-move-buttons.tsx";
import { newId } from "#lib/new-id.ts";
import { type DraftFault, draftFaults } from "#lib/view/draft-faults.ts";
import {
  addAfter,
  addBehind,
  changeStep,
  copyOf,
  draftRows,
  intoLoop,
  moveStep,
  outOfLoop,
  removeStep,
} from "#lib/view/draft-moves.ts";
import {
  type DraftHead,
  type DraftStep,
  newStep,
  type RecipeDraft,
  type StepType,
} from "#lib/view/recipe-draft.ts";

/** Where the keyboard goes on after a step has changed its place. */
export type FocusWish = {
  readonly stepId: string;
  readonly control: StepMove | "name";
  readonly count: number;
};

export interface RecipeEditing {
  readonly draft: RecipeDraft;
  readonly faults: readonly DraftFault[];
  readonly focus: FocusWish | null;
  /** What was done last with a step, to be read out. */
  readonly said: string;
  /** The step that was removed last, until anything else is done. */
  readonly undo: (() => void) | null;
  readonly changeHead: (change: Partial<DraftHead>) => void;
  readonly change: (id: string, change: Partial<DraftStep>) => void;
  readonly move: (id: string, move: StepMove) => void;
  readonly add: (type: StepType, afterId: string | null) => void;
  readonly reset: (draft: RecipeDraft) => void;
}

type State = {
  readonly draft: RecipeDraft;
  readonly focus: FocusWish | null;
  readonly said: string;
  readonly before: RecipeDraft | null;
};

/** A draft and all that can be done with it; the functions stay the same, so that only rows that change are drawn. */
export function useRecipeEditor(initial: RecipeDraft): RecipeEditing {
  const [state, setState] = useState<State>({ draft: initial, focus: null, said: "", before: null });
  const faults = useMemo(() => draftFaults(state.draft), [state.draft]);

  const changeHead = useCallback(
    (change: Partial<DraftHead>) =>
      setState((now) => quiet(now, { ...now.draft, head: { ...now.draft.head, ...change } })),
    [],
  );
  const change = useCallback(
    (id: string, change: Partial<DraftStep>) =>
      setState((now) => quiet(now, { ...now.draft, steps: changeStep(now.draft.steps, id, change) })),
    [],
  );
  const move = useCallback((id: string, move: StepMove) => setState((now) => moved(now, id, move)), []);
  const add = useCallback((type: StepType, afterId: string | null) => {
    const step = newStep(type, newId);
    setState((now) => {
      const steps = addBehind(now.draft.steps, afterId, step);
      return told(now, steps, step.id, "name", (row) => `${row.step.name} added as step ${row.place}.`);
    });
  }, []);
  const reset = useCallback(
    (draft: RecipeDraft) => setState({ draft, focus: null, said: "", before: null }),
    [],
  );
  const undo = useCallback(
    () =>
      setState((now) =>
        now.before === null ? now : { draft: now.before, focus: null, said: "It is back.", before: null },
      ),
    [],
  );
  const { draft, focus, said, before } = state;
  return { draft, faults, focus, said, undo: before && undo, changeHead, change, move, add, reset };
}

const quiet = (now: State, draft: RecipeDraft): State => ({ ...now, draft, before: null });

function told(
  now: State,
  steps: readonly DraftStep[],
  id: string,
  control: FocusWish["control"],
  say: (row: { step: DraftStep; place: string }) => string,
): State {
  const row = draftRows(steps).find(({ step }) => step.id === id);
  return {
    draft: { ...now.draft, steps },
    focus: { stepId: id, control, count: (now.focus?.count ?? 0) + 1 },
    said: row ? say(row) : "",
    before: null,
  };
}

const MOVES = {
  up: (steps: readonly DraftStep[], id: string) => moveStep(steps, id, -1),
  down: (steps: readonly DraftStep[], id: string) => moveStep(steps, id, 1),
  in: intoLoop,
  out: outOfLoop,
} as const;

function moved(now: State, id: string, move: StepMove): State {
  const { steps } = now.draft;
  const rows = draftRows(steps);
  const at = rows.findIndex(({ step }) => step.id === id);
  const step = rows[at]?.step;
  if (!step) return now;
  if (move === "copy") {
    const copy = copyOf(step, newId);
    return told(
      now,
      addAfter(steps, id, copy),
      copy.id,
      "name",
      (row) => `${step.name} copied to step ${row.place}.`,
    );
  }
  if (move === "remove") {
    const rest = removeStep(steps, id);
    // On to the step that now stands there, else to the last one.
    const left = draftRows(rest);
    const next = left[Math.min(at, left.length - 1)]?.step.id ?? "";
    return { ...told(now, rest, next, "remove", () => ""), said: `${step.name} removed.`, before: now.draft };
  }
  const result = MOVES[move](steps, id);
  if (result === steps) return now;
  return told(now, result, id, move, (row) => `${step.name} is now step ${row.place}.`);
}
