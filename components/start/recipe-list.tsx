"use client";

import { useId, useState } from "react";
import { useIntoView } from "#components/start/use-into-view.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field, TextInput } from "#components/ui/field.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import type { RecipeChoice } from "#lib/model/start-review.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatAgo, formatDuration } from "#lib/time-format.ts";

interface RecipeListProps {
  readonly choices: readonly RecipeChoice[];
  readonly chosenId: string | null;
  readonly machineType: string;
  readonly now: EpochMs;
  /** What the list is narrowed to. */
  readonly find: string;
  readonly onFind: (text: string) => void;
  readonly onChoose: (id: string) => void;
  /** Chosen to be looked at, not to be started. */
  readonly isReadOnly: boolean;
}

/** Fewer are seen at a glance. */
const WORTH_FINDING = 8;

/** Recipes this machine could run, those it ran last first. Arrow keys move between them. */
export function RecipeList(props: RecipeListProps) {
  const { choices, machineType, find, onFind } = props;
  if (choices.length === 0) {
    return (
      <EmptyState title="No recipe for this machine">
        There is no recipe for machines of type {machineType}. An engineer can add one.
      </EmptyState>
    );
  }
  const words = find.trim().toLowerCase();
  const found = words === "" ? choices : choices.filter(({ name }) => name.toLowerCase().includes(words));
  return (
    <>
      {choices.length < WORTH_FINDING && find === "" ? null : (
        <div className="border-b border-line px-4 py-2">
          <Field label="Find a recipe" isLabelHidden>
            {(wiring) => (
              <TextInput
                {...wiring}
                type="search"
                placeholder={`Find among ${choices.length} recipes`}
                value={find}
                onChange={(event) => onFind(event.target.value)}
              />
            )}
          </Field>
        </div>
      )}
      {found.length === 0 ? (
        <EmptyState title="No recipe by this name">Shorten what you look for.</EmptyState>
      ) : (
        <Choices {...props} choices={found} />
      )}
    </>
  );
}

function Choices({ choices, chosenId, now, onChoose, isReadOnly }: RecipeListProps) {
  const name = useId();
  const chosen = useIntoView<HTMLLabelElement>(chosenId);
  const [shownId] = useState(chosenId);
  return (
    <fieldset className="max-h-80 overflow-y-auto py-1">
      <legend className="sr-only">{isReadOnly ? "Recipe to look at" : "Recipe"}</legend>
      {choices.map((choice) => (
        <label
          key={choice.id}
          ref={choice.id === shownId ? chosen : null}
          className="relative grid cursor-pointer grid-cols-[auto_minmax(0,1fr)] items-start gap-x-3 px-4 py-2 hover:bg-hover/60 has-checked:bg-sunken has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent sm:grid-cols-[auto_minmax(0,1fr)_5.5rem_5rem_6.5rem]"
        >
          <input
            type="radio"
            name={name}
            value={choice.id}
            checked={choice.id === chosenId}
            onChange={() => onChoose(choice.id)}
            className={joinClasses(
              "outline-none",
              isReadOnly ? "size-0 appearance-none" : "mt-0.5 size-4 shrink-0 accent-(--ink)",
            )}
          />
          <span className="min-w-0">
            <span className="block truncate text-sm font-medium" dir="auto" title={choice.name.slice(0, 200)}>
              {choice.name}
            </span>
            {choice.description ? (
              <span className="block truncate text-xs text-ink-faint" dir="auto">
                {choice.description}
              </span>
            ) : null}
          </span>
          <Figures choice={choice} now={now} />
        </label>
      ))}
    </fieldset>
  );
}

/** In columns of their own on a wide screen, in one line below the name on a narrow one. */
function Figures({ choice, now }: { readonly choice: RecipeChoice; readonly now: EpochMs }) {
  const { version, plannedMs, lastUsedAt } = choice;
  return (
    <span className="col-start-2 flex flex-wrap gap-x-3 text-xs text-ink-muted sm:contents">
      <span className="leading-5 sm:text-right">version {version}</span>
      <span className="leading-5 sm:text-right">
        {plannedMs === null ? "cannot be played" : formatDuration(plannedMs)}
      </span>
      <span className="leading-5 text-ink-faint sm:text-right">
        {lastUsedAt === null ? "never run here" : formatAgo(elapsed(lastUsedAt, now))}
      </span>
    </span>
  );
}
