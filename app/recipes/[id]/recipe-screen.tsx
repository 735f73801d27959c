"use client";

import { Pencil } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { type Compared, VersionsPanel } from "#app/recipes/[id]/versions-panel.tsx";
import { RECIPE_PARAMS_WANTED, recipeParams } from "#app/recipes/search-params.ts";
import { useNewestVersion } from "#app/recipes/use-newest-version.ts";
import { useFleetPage } from "#app/use-fleet-page.ts";
import { useReadAgainWhenRunsChange } from "#app/use-read-again.ts";
import { DurationsCard } from "#components/recipes/durations-card.tsx";
import { RecipeFacts } from "#components/recipes/recipe-facts.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { ProgramOutline } from "#components/start/program-outline.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Notice, RefusalBanner } from "#components/ui/notice.tsx";
import type { Person } from "#lib/model/person.ts";
import { MOST_COUNTED_RUNS, type RecipeDurations, type RecipePage, whyNoEdit } from "#lib/model/recipe.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { counted, formatCount } from "#lib/view/count.ts";
import { planTime } from "#lib/view/plan-time.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";

interface RecipeScreenProps {
  readonly page: RecipePage;
  readonly durations: RecipeDurations;
  /** Null while there is one version. */
  readonly compared: Compared | null;
  readonly fleet: FleetSnapshot;
  readonly person: Person;
}

const COLUMNS =
  "grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:gap-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]";
const NO_CHANGES: ProgramDiff["steps"] = [];

/** One recipe: what it does, what it was before, and how long its steps really took. */
export function RecipeScreen({ page, durations, compared, fleet, person }: RecipeScreenProps) {
  const { data, feed, news, zone } = useFleetPage(fleet);
  useReadAgainWhenRunsChange(data);
  const { recipe, program, pace, runs, versions } = page;
  const whyNot = whyNoEdit(person);
  const newest = useNewestVersion(recipe.id, recipe.version);
  const router = useRouter();

  return (
    <Page>
      <PageHeading
        trail={[{ href: "/recipes", name: "Recipes" }]}
        title={recipe.name}
        note={
          <>
            version {recipe.version}, for machines of type <bdi>{recipe.machineType}</bdi>,{" "}
            {runs === 0 ? (
              "never run"
            ) : (
              <Link href={`/runs?recipe=${recipe.id}`} className="link">
                {runs > MOST_COUNTED_RUNS
                  ? `over ${formatCount(MOST_COUNTED_RUNS)} runs`
                  : counted(runs, "run")}
              </Link>
            )}
            {recipe.description === null ? null : <bdi className="block">{recipe.description}</bdi>}
          </>
        }
        aside={
          whyNot === null ? (
            <Button asChild>
              <Link href={`/recipes/${recipe.id}/edit`}>
                <Pencil className="size-4" aria-hidden="true" />
                Edit recipe
              </Link>
            </Button>
          ) : (
            <p className="text-xs text-ink-faint">{whyNot}</p>
          )
        }
      />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignoredParams(recipeParams, RECIPE_PARAMS_WANTED, useSearchParams())} />
      {newest > recipe.version ? (
        <Notice
          kind="stale"
          aside={
            <Button size="sm" onClick={() => router.refresh()}>
              Show version {newest}
            </Button>
          }
        >
          Version {newest} was saved meanwhile; what is below is version {recipe.version}.
        </Notice>
      ) : null}
      {program.ok ? null : (
        <RefusalBanner
          message={`No machine can play this recipe: ${program.problem}.`}
          hint={whyNot === null ? "Edit it and mend the named place." : "Ask an engineer to mend it."}
          code="program_invalid"
        />
      )}
      <div className={COLUMNS}>
        {program.ok ? (
          <Card aria-label="Program of the recipe">
            <CardHeader
              title="Program"
              note={`${counted(program.program.totals.steps, "step")}, time each takes in the whole run`}
            />
            <RecipeFacts program={program.program} time={planTime(program.program.totals.planned_ms, pace)} />
            <ProgramOutline program={program.program} changes={NO_CHANGES} />
          </Card>
        ) : null}
        <VersionsPanel
          recipeId={recipe.id}
          versions={versions}
          compared={compared}
          isEditable={whyNot === null}
          zone={zone}
        />
      </div>
      {program.ok ? <DurationsCard program={program.program} durations={durations} zone={zone} /> : null}
    </Page>
  );
}
