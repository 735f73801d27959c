"use client";

import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { recipeParams } from "#app/recipes/search-params.ts";
import { VersionChoice } from "#components/recipes/version-choice.tsx";
import { VersionList } from "#components/recipes/version-list.tsx";
import { ProgramDifferences } from "#components/start/program-differences.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { RecipeVersion } from "#lib/model/recipe.ts";
import { counted } from "#lib/view/count.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";
import type { VersionPair } from "#lib/view/version-pair.ts";

/** `diff` is null where one of the two versions is not kept or cannot be read. */
export type Compared = VersionPair & { diff: ProgramDiff | null };

interface VersionsPanelProps {
  readonly recipeId: string;
  readonly versions: readonly RecipeVersion[];
  readonly compared: Compared | null;
  readonly isEditable: boolean;
  readonly zone: string;
}

/** What a recipe has been, and what changed between two of its versions; the address says which two. */
export function VersionsPanel({ recipeId, versions, compared, isEditable, zone }: VersionsPanelProps) {
  const [isPending, startTransition] = useTransition();
  const [, setParams] = useQueryStates(recipeParams, { shallow: false, startTransition });
  return (
    <Card aria-label="Versions">
      <CardHeader title="Versions" note={`${counted(versions.length, "version")} kept, newest first`} />
      <VersionList recipeId={recipeId} versions={versions} isEditable={isEditable} zone={zone} />
      {compared === null ? (
        <p className="border-t border-line px-4 py-3 text-sm text-ink-muted">
          There is one version so far; what changes with the next is told here.
        </p>
      ) : (
        <section
          aria-label="What changed"
          aria-busy={isPending}
          className={isPending ? "border-t border-line opacity-60" : "border-t border-line"}
        >
          <VersionChoice
            versions={versions}
            pair={compared}
            onChoose={(pair) => void setParams({ from: pair.from, to: pair.to })}
          />
          <Changes compared={compared} />
        </section>
      )}
    </Card>
  );
}

function Changes({ compared: { from, to, diff } }: { readonly compared: Compared }) {
  if (diff === null) {
    return (
      <p className="px-4 pb-3 text-sm text-ink-muted">
        {`Versions ${from} and ${to} cannot be compared: one of them is not kept, or cannot be read.`}
      </p>
    );
  }
  if (diff.isSame)
    return <p className="px-4 pb-3 text-sm text-ink-muted">The same program, step for step.</p>;
  return <ProgramDifferences diff={diff} />;
}
