"use client";

import { Plus } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { RECIPES_PARAMS_WANTED, recipesParams } from "#app/recipes/search-params.ts";
import { useFleetPage } from "#app/use-fleet-page.ts";
import { useReadAgainWhenRunsChange } from "#app/use-read-again.ts";
import { RecipesTable } from "#components/recipes/recipes-table.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field, TextInput } from "#components/ui/field.tsx";
import type { Person } from "#lib/model/person.ts";
import { type RecipeList, whyNoEdit } from "#lib/model/recipe.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { counted } from "#lib/view/count.ts";

interface RecipesScreenProps {
  readonly list: RecipeList;
  readonly fleet: FleetSnapshot;
  readonly person: Person;
}

/** Typing is not over with every letter. */
const TYPED = { limitUrlUpdates: { method: "debounce", timeMs: 300 } } as const;

/** Every recipe, those that ran last first; read again when a run begins or ends. */
export function RecipesScreen({ list, fleet, person }: RecipesScreenProps) {
  const { data, feed, news, now, zone } = useFleetPage(fleet);
  useReadAgainWhenRunsChange(data);
  const [isPending, startTransition] = useTransition();
  const [{ text }, setParams] = useQueryStates(recipesParams, {
    shallow: false,
    startTransition,
    clearOnDefault: true,
  });
  const { recipes, total } = list;
  const whyNot = whyNoEdit(person);

  return (
    <Page>
      <PageHeading
        title="Recipes"
        note={whyNot ?? "A run freezes its recipe at the start; a new version never reaches it."}
        aside={
          whyNot === null ? (
            <Button asChild>
              <Link href="/recipes/new">
                <Plus className="size-4" aria-hidden="true" />
                New recipe
              </Link>
            </Button>
          ) : null
        }
      />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignoredParams(recipesParams, RECIPES_PARAMS_WANTED, useSearchParams())} />
      <Field label="Find" className="sm:max-w-80">
        {(wiring) => (
          <TextInput
            {...wiring}
            type="search"
            dir="auto"
            placeholder="Name, description, type"
            value={text}
            onChange={({ target }) => void setParams({ text: target.value || null }, TYPED)}
          />
        )}
      </Field>
      <Card aria-label="Recipes" aria-busy={isPending} className={isPending ? "opacity-60" : ""}>
        {recipes.length > 0 ? (
          <RecipesTable recipes={recipes} now={now} zone={zone} />
        ) : (
          <EmptyState title={text === "" ? "No recipe yet" : "No recipe matches"}>
            {text === "" ? "An engineer writes the first one." : "Shorten what you look for."}
          </EmptyState>
        )}
        <p role="status" className="px-4 py-2.5 text-xs text-ink-faint">
          {recipes.length < total
            ? `The first ${counted(recipes.length, "recipe")} of ${total}; look for one by its words.`
            : counted(total, "recipe")}
        </p>
      </Card>
    </Page>
  );
}
