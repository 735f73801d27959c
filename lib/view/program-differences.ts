// In what the programs of compared runs differ from the first one's; runs that differ alike are told together. Guarded by
// program-differences.test.ts.

import type { Program } from "#lib/model/program.ts";
import { type ProgramDiff, programDiff } from "./program-diff.ts";
import type { FieldChange } from "./program-fields.ts";
import { parameterLabel } from "./quantity.ts";

export type PlannedRun = {
  /** Its number in the comparison. */
  index: number;
  program: Program | null;
  /** What it was started with besides the recipe. */
  parameters: ReadonlyMap<string, string>;
};

export type ProgramGroup = {
  indexes: readonly number[];
  /** Against the first run; null where one of the two programs cannot be read. */
  diff: ProgramDiff | null;
  /** Changes of steps that are not listed any more. */
  more: number;
  /** What it was started with otherwise. */
  parameters: readonly FieldChange[];
};

/** More would not be read by anybody; the rest is counted. */
const MOST_CHANGES = 60;

/** How each of the others differs from the first of `runs`; none without a second. */
export function programDifferences([base, ...others]: readonly PlannedRun[]): readonly ProgramGroup[] {
  const groups = new Map<string, ProgramGroup>();
  for (const run of base ? others : []) {
    const group = groupOf(base, run);
    const key = JSON.stringify({ ...group, indexes: [] });
    const known = groups.get(key);
    groups.set(key, known ? { ...known, indexes: [...known.indexes, run.index] } : group);
  }
  return [...groups.values()];
}

function groupOf(base: PlannedRun | undefined, run: PlannedRun): ProgramGroup {
  const diff = base?.program && run.program ? programDiff(base.program, run.program) : null;
  const version = base?.program && run.program ? versionChange(base.program, run.program) : [];
  return {
    indexes: [run.index],
    diff: diff && {
      ...diff,
      settings: [...version, ...diff.settings],
      steps: diff.steps.slice(0, MOST_CHANGES),
    },
    more: Math.max(0, (diff?.steps.length ?? 0) - MOST_CHANGES),
    parameters: base ? parameterChanges(base.parameters, run.parameters) : [],
  };
}

function versionChange({ recipe: from }: Program, { recipe: to }: Program): readonly FieldChange[] {
  if (from.id === to.id && from.version === to.version) return [];
  return [{ label: "recipe version", from: String(from.version), to: String(to.version) }];
}

const NONE = "none";

function parameterChanges(
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): readonly FieldChange[] {
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((name) => from.get(name) !== to.get(name))
    .map((name) => ({
      label: parameterLabel(name),
      from: from.get(name) ?? NONE,
      to: to.get(name) ?? NONE,
    }));
}
