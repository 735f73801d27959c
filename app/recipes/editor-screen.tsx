"use client";

import { useSearchParams } from "next/navigation";
import { ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { RecipeEditor } from "#app/recipes/recipe-editor.tsx";
import { EDIT_PARAMS_WANTED, editParams } from "#app/recipes/search-params.ts";
import type { RecipeBase } from "#app/recipes/use-recipe-saving.ts";
import { useFleetPage } from "#app/use-fleet-page.ts";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { RecipeParts } from "#lib/model/recipe.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { nameText } from "#lib/view/name-text.ts";
import type { RecipeDraft } from "#lib/view/recipe-draft.ts";

interface EditorScreenProps {
  readonly opened: RecipeBase;
  readonly initial: RecipeDraft;
  readonly parts: RecipeParts;
  readonly fleet: FleetSnapshot;
  /** Why this person writes no recipe; null when they do. */
  readonly whyNot: string | null;
  /** What the draft begins with, where that is not the recipe as it is. */
  readonly beginsWith: string | null;
}

/** A recipe to be written: a new one, or the next version of one. */
export function EditorScreen({ opened, initial, parts, fleet, whyNot, beginsWith }: EditorScreenProps) {
  const { feed, news, zone } = useFleetPage(fleet);
  const isNew = opened.version === 0;
  const recipes = { href: "/recipes", name: "Recipes" };
  return (
    <Page>
      <PageHeading
        trail={
          isNew
            ? [recipes]
            : [recipes, { href: `/recipes/${opened.recipeId}`, name: nameText(initial.head.name) }]
        }
        title={isNew ? "New recipe" : `Edit ${nameText(initial.head.name)}`}
        note={
          isNew ? null : `written upon version ${opened.version}; saving makes version ${opened.version + 1}`
        }
      />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignoredParams(editParams, EDIT_PARAMS_WANTED, useSearchParams())} />
      {beginsWith === null ? null : <Notice kind="plain">{beginsWith}</Notice>}
      {whyNot === null ? (
        <RecipeEditor opened={opened} initial={initial} parts={parts} />
      ) : (
        <Card>
          <EmptyState title="You write no recipes">{whyNot}</EmptyState>
        </Card>
      )}
    </Page>
  );
}
