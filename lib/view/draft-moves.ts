// What can be done with the steps of a draft. Every move answers the same list when it cannot be made. Guarded by
// draft-moves.test.ts.

import type { DraftStep } from "./recipe-draft.ts";

type Steps = readonly DraftStep[];

/** Answers the siblings with the step at `at` dealt with; null leaves all as it is. */
type Deal = (siblings: Steps, at: number) => Steps | null;

/** Finds the step, however deep, and deals with it among its siblings. */
function among(steps: Steps, id: string, deal: Deal): Steps {
  const at = steps.findIndex((step) => step.id === id);
  if (at >= 0) return deal(steps, at) ?? steps;
  for (const [index, step] of steps.entries()) {
    const children = among(step.children, id, deal);
    if (children !== step.children) return steps.with(index, { ...step, children });
  }
  return steps;
}

/** Changes one step where it is. */
export const changeStep = (steps: Steps, id: string, change: Partial<DraftStep>): Steps =>
  among(steps, id, (siblings, at) => {
    const step = siblings[at];
    return step ? siblings.with(at, { ...step, ...change }) : null;
  });

/** One place up (-1) or down (+1) among its siblings. */
export const moveStep = (steps: Steps, id: string, by: -1 | 1): Steps =>
  among(steps, id, (siblings, at) => {
    const [step, other] = [siblings[at], siblings[at + by]];
    return step && other ? siblings.with(at, other).with(at + by, step) : null;
  });

/** The loop that a step can go into: the one above it, else the one below. */
function loopBeside(siblings: Steps, at: number): number | null {
  if (siblings[at - 1]?.type === "loop") return at - 1;
  return siblings[at + 1]?.type === "loop" ? at + 1 : null;
}

/** Into the loop above, as its last step; where there is none, into the loop below, as its first. */
export const intoLoop = (steps: Steps, id: string): Steps =>
  among(steps, id, (siblings, at) => {
    const into = loopBeside(siblings, at);
    const [step, loop] = [siblings[at], siblings[into ?? -1]];
    if (into === null || !step || !loop) return null;
    const children = into < at ? [...loop.children, step] : [step, ...loop.children];
    return siblings.with(into, { ...loop, children }).toSpliced(at, 1);
  });

/** Out of its loop, to the place behind it. */
export function outOfLoop(steps: Steps, id: string): Steps {
  const at = steps.findIndex(({ children }) => children.some((child) => child.id === id));
  const loop = steps[at];
  if (loop) {
    const step = loop.children.find((child) => child.id === id);
    const rest = loop.children.filter((child) => child.id !== id);
    return step ? steps.with(at, { ...loop, children: rest }).toSpliced(at + 1, 0, step) : steps;
  }
  for (const [index, step] of steps.entries()) {
    const children = outOfLoop(step.children, id);
    if (children !== step.children) return steps.with(index, { ...step, children });
  }
  return steps;
}

export const removeStep = (steps: Steps, id: string): Steps =>
  among(steps, id, (siblings, at) => siblings.toSpliced(at, 1));

/** `step` behind the one named; null: at the end of the program. */
export const addAfter = (steps: Steps, id: string | null, step: DraftStep): Steps =>
  id === null ? [...steps, step] : among(steps, id, (siblings, at) => siblings.toSpliced(at + 1, 0, step));

/** As `addAfter`; behind a loop that is empty it goes into the loop, which wants a step before all else. */
export function addBehind(steps: Steps, id: string | null, step: DraftStep): Steps {
  const at = draftRows(steps).find((row) => row.step.id === id)?.step;
  if (at?.type === "loop" && at.children.length === 0) return changeStep(steps, at.id, { children: [step] });
  return addAfter(steps, id, step);
}

/** A step with all that is in it, under ids of its own. */
export const copyOf = (step: DraftStep, makeId: () => string): DraftStep => ({
  ...step,
  id: makeId(),
  children: step.children.map((child) => copyOf(child, makeId)),
});

/** A step as a row of the list, with what can be done with it there. */
export type DraftRow = {
  step: DraftStep;
  depth: number;
  /** As the database names it: "steps[2].children[0]". */
  path: string;
  /** As a person counts: "3.1". */
  place: string;
  canMoveUp: boolean;
  canMoveDown: boolean;
  canGoIn: boolean;
  canGoOut: boolean;
};

/** All steps in the order of the program. */
export function draftRows(steps: Steps): DraftRow[] {
  const rows: DraftRow[] = [];
  const walk = (siblings: Steps, depth: number, path: string, place: string): void => {
    for (const [at, step] of siblings.entries()) {
      const row = { step, depth, path: `${path}[${at}]`, place: `${place}${at + 1}` };
      const ways = { canMoveUp: at > 0, canMoveDown: at < siblings.length - 1, canGoOut: depth > 0 };
      rows.push({ ...row, ...ways, canGoIn: loopBeside(siblings, at) !== null });
      walk(step.children, depth + 1, `${row.path}.children`, `${row.place}.`);
    }
  };
  walk(steps, 0, "steps", "");
  return rows;
}
