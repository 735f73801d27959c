import Link from "next/link";
import { memo } from "react";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { MOST_COUNTED_RUNS, type RecipeSummary } from "#lib/model/recipe.ts";
import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatAgo, formatClock, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";

interface RecipesTableProps {
  readonly recipes: readonly RecipeSummary[];
  readonly now: EpochMs;
  readonly zone: string;
}

/** Recipes in a table. On a narrow screen the less urgent columns fold into the first. */
export const RecipesTable = memo(function RecipesTable({ recipes, now, zone }: RecipesTableProps) {
  return (
    <Table caption="Recipes, those that ran last first">
      <thead>
        <tr>
          <Th>Recipe</Th>
          <Th isNumeric className="hidden sm:table-cell">
            Version
          </Th>
          <Th className="hidden lg:table-cell">Machine type</Th>
          <Th isNumeric className="hidden sm:table-cell">
            Planned
          </Th>
          <Th isNumeric className="hidden md:table-cell">
            Steps
          </Th>
          <Th isNumeric className="hidden md:table-cell">
            Cycles
          </Th>
          <Th isNumeric>Runs</Th>
          <Th className="hidden sm:table-cell">Last run</Th>
        </tr>
      </thead>
      <tbody>
        {recipes.map((recipe) => (
          <RecipeRow key={recipe.id} recipe={recipe} now={now} zone={zone} />
        ))}
      </tbody>
    </Table>
  );
});

interface RecipeRowProps {
  readonly recipe: RecipeSummary;
  readonly now: EpochMs;
  readonly zone: string;
}

function RecipeRow({ recipe, now, zone }: RecipeRowProps) {
  const { id, name, description, version, machineType, totals, runs, lastRun } = recipe;
  const planned = totals === null ? "cannot be played" : formatDuration(durationMs(totals.planned_ms));
  return (
    <Tr>
      <Td className="w-full max-w-0 py-2 align-top sm:align-middle">
        <Link
          href={`/recipes/${id}`}
          prefetch={false}
          className="block truncate font-medium hover:underline"
          title={name.slice(0, 200)}
        >
          <bdi>{name}</bdi>
        </Link>
        {description === null ? null : (
          <bdi className="block truncate text-xs text-ink-faint">{description}</bdi>
        )}
        <span className="block text-xs whitespace-normal text-ink-faint sm:hidden">
          version {version}, {planned}
        </span>
        <span className="block text-xs sm:hidden">
          <LastRun lastRun={lastRun} now={now} zone={zone} />
        </span>
      </Td>
      <Td isNumeric className="hidden sm:table-cell">
        {version}
      </Td>
      <Td className="hidden max-w-40 truncate lg:table-cell">
        <bdi>{machineType}</bdi>
      </Td>
      <Td isNumeric className="hidden sm:table-cell">
        {planned}
      </Td>
      <Td isNumeric className="hidden md:table-cell">
        {totals === null ? "–" : formatCount(totals.steps)}
      </Td>
      <Td isNumeric className="hidden md:table-cell">
        {totals === null ? "–" : formatCount(totals.cycles)}
      </Td>
      <Td isNumeric className="py-2 align-top sm:align-middle">
        {runs === 0 ? (
          <span className="text-ink-faint">none</span>
        ) : (
          <Link href={`/runs?recipe=${id}`} prefetch={false} className="link">
            {runs > MOST_COUNTED_RUNS ? `over ${formatCount(MOST_COUNTED_RUNS)}` : formatCount(runs)}
            <span className="sr-only"> of {nameText(name)}</span>
          </Link>
        )}
      </Td>
      <Td className="hidden sm:table-cell">
        <LastRun lastRun={lastRun} now={now} zone={zone} />
      </Td>
    </Tr>
  );
}

function LastRun({ lastRun, now, zone }: Pick<RecipeSummary, "lastRun"> & Omit<RecipeRowProps, "recipe">) {
  if (lastRun === null) return <span className="text-ink-faint">never run</span>;
  const { runId, status, startTime, machineName } = lastRun;
  return (
    <span className="inline-flex items-center gap-2">
      <RunStatusWord status={status} size="sm" />
      <Link
        href={`/runs/${runId}`}
        prefetch={false}
        className="link"
        title={`Started ${formatClock(startTime, zone, "date-time")}`}
      >
        {formatAgo(elapsed(startTime, now))}
        <span className="sr-only"> on {nameText(machineName)}</span>
      </Link>
      <bdi className="hidden max-w-32 truncate text-xs text-ink-faint xl:inline">{machineName}</bdi>
    </span>
  );
}
