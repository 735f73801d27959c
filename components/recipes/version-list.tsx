import Link from "next/link";
import type { RecipeVersion } from "#lib/model/recipe.ts";
import { durationMs } from "#lib/time.ts";
import { formatClockWithZone, formatDuration } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";

interface VersionListProps {
  readonly recipeId: string;
  readonly versions: readonly RecipeVersion[];
  /** This person may write a version upon an older one. */
  readonly isEditable: boolean;
  readonly zone: string;
}

/** What was saved, when, by whom and why. */
export function VersionList({ recipeId, versions, isEditable, zone }: VersionListProps) {
  return (
    <ol
      aria-label="Versions of the recipe"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller without focus cannot be scrolled by keyboard
      tabIndex={0}
      className="max-h-72 divide-y divide-line overflow-y-auto"
    >
      {versions.map(({ version, note, authorName, createdAt, totals }, at) => (
        <li key={version} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2 text-sm">
          <Link
            href={`/runs?recipe=${recipeId}&version=${version}`}
            prefetch={false}
            className="link font-medium"
          >
            Version {version}
            <span className="sr-only">, its runs</span>
          </Link>
          <span className="min-w-0 text-xs text-ink-muted">
            {formatClockWithZone(createdAt, zone, "date-time")}
            {authorName === null ? null : (
              <>
                , by <bdi>{authorName}</bdi>
              </>
            )}
          </span>
          <span className="ml-auto flex items-baseline gap-3 text-xs text-ink-faint">
            {totals === null
              ? null
              : `${formatDuration(durationMs(totals.planned_ms))}, ${counted(totals.cycles, "cycle")}`}
            {isEditable && at > 0 ? (
              <Link
                href={`/recipes/${recipeId}/edit?version=${version}`}
                prefetch={false}
                className="link"
                aria-label={`Edit from version ${version}`}
              >
                Edit from it
              </Link>
            ) : null}
          </span>
          {note === null ? null : (
            <p className="w-full text-xs text-ink-muted [overflow-wrap:anywhere]">
              <bdi>{note}</bdi>
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
