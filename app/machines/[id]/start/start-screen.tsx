"use client";

import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useState, useTransition } from "react";
import { ignoredParams } from "#app/address/ignored.ts";
import { ControlPanel } from "#app/machines/[id]/control-panel.tsx";
import { MachineFrame } from "#app/machines/[id]/machine-frame.tsx";
import { START_PARAMS_WANTED, startParams } from "#app/machines/[id]/start/search-params.ts";
import { StartPlan } from "#app/machines/[id]/start/start-plan.tsx";
import { StartReviewing } from "#app/machines/[id]/start/start-reviewing.tsx";
import { useStartForm } from "#app/machines/[id]/start/use-start-form.ts";
import { useStartReview } from "#app/machines/[id]/start/use-start-review.ts";
import { useControls } from "#app/machines/[id]/use-controls.ts";
import { useLiveMachine } from "#app/machines/[id]/use-live-machine.ts";
import { useZone } from "#app/zone.tsx";
import { whyNoStart, whyNotThisPerson } from "#components/machine/control-reasons.ts";
import { PermissiveCard } from "#components/start/permissive-card.tsx";
import { RecipeList } from "#components/start/recipe-list.tsx";
import { recipeProblem, whyNoReview } from "#components/start/start-reasons.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Notice } from "#components/ui/notice.tsx";
import type { Person } from "#lib/model/person.ts";
import type { MachineSnapshot } from "#lib/model/snapshot.ts";
import type { RecipeChoice, StartReading } from "#lib/model/start-review.ts";
import { nameText } from "#lib/view/name-text.ts";
import { permissiveView } from "#lib/view/permissive-rows.ts";
import { programDiff } from "#lib/view/program-diff.ts";

interface StartScreenProps {
  readonly initial: MachineSnapshot;
  readonly person: Person;
  readonly choices: readonly RecipeChoice[];
  /** As the address says; what was read of it is `reading`. */
  readonly recipeId: string | null;
  readonly reading: StartReading | null;
}

const COLUMNS =
  "grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:gap-5 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]";

/** Before a run: choose a recipe, see what it does and what must hold, then look once more and ask for it. */
export function StartScreen({ initial, person, choices, recipeId, reading: read }: StartScreenProps) {
  const seen = useLiveMachine(initial);
  const { live, now } = seen;
  const { machine } = live.data;
  const controls = useControls(seen, person);
  const zone = useZone(initial.machine.timezone);
  const [isPending, startTransition] = useTransition();
  const [params, setParams] = useQueryStates(startParams, { clearOnDefault: true });
  const [notes, setNotes] = useState("");

  const { reading, readFault } = useStartReview(live.data, recipeId, read);
  const review = reading?.kind === "review" ? reading.review : null;
  const chosen = choices.find(({ id }) => id === recipeId) ?? null;
  const problem = recipeProblem(reading, review?.program.recipe.name ?? chosen?.name ?? null);
  const permissives = useMemo(() => review && permissiveView(review, now), [review, now]);
  const [good, program] = [review?.lastGood?.run.program ?? null, review?.program ?? null];
  const diff = useMemo(() => (good && program ? programDiff(good, program) : null), [good, program]);

  const type = machine.machineType ?? "–";
  const whyReadOnly = whyNotThisPerson(controls.scene);
  const whyNotAtAll = whyNoStart(controls.scene);
  const form = useStartForm(machine.id, controls.scene.commands);
  const whyNot = whyNoReview({
    whyNotAtAll,
    isChosen: recipeId !== null,
    problem,
    permissives: isPending ? null : permissives,
    readFault,
  });

  return (
    <MachineFrame
      seen={seen}
      ignored={ignoredParams(startParams, START_PARAMS_WANTED, useSearchParams())}
      title={`${whyReadOnly === null ? "Start a run on" : "Recipes of"} ${nameText(machine.name)}`}
      trail={[
        { href: "/", name: "Fleet" },
        { href: `/machines/${machine.id}`, name: nameText(machine.name) },
      ]}
    >
      <ControlPanel
        seen={seen}
        controls={controls}
        person={person}
        start={{ label: "Review start", whyNot, onPress: () => review && form.review(review) }}
      />
      {whyReadOnly === null ? null : (
        <Notice kind="plain">
          Read only: look at what a recipe would do here; nothing on this page starts a run.
        </Notice>
      )}
      <div className={joinClasses(COLUMNS, isPending && "opacity-60")} aria-busy={isPending}>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5">
          <Card aria-label="Recipe">
            <CardHeader
              title={whyReadOnly === null ? "Recipe" : "Recipe to look at"}
              note={`for machines of type ${type}`}
            />
            <RecipeList
              isReadOnly={whyReadOnly !== null}
              choices={choices}
              chosenId={params.recipe}
              machineType={type}
              now={now}
              find={params.find}
              onFind={(find) => void setParams({ find: find || null })}
              onChoose={(id) => void setParams({ recipe: id }, { shallow: false, startTransition })}
            />
          </Card>
          <StartPlan review={review} problem={problem} diff={diff} now={now} zone={zone} />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5">
          <PermissiveCard view={permissives} />
          {whyReadOnly === null ? <NotesCard notes={notes} onChange={setNotes} /> : null}
        </div>
      </div>
      <StartReviewing
        machine={machine}
        start={form}
        review={review}
        permissives={permissives}
        diff={diff}
        notes={notes}
        whyNot={whyNot}
      />
    </MachineFrame>
  );
}

interface NotesCardProps {
  readonly notes: string;
  readonly onChange: (notes: string) => void;
}

function NotesCard({ notes, onChange }: NotesCardProps) {
  return (
    <Card aria-label="Notes" className="p-4">
      <Field label="Notes (optional)" hint="Sample, purpose, anything the next person should know.">
        {(wiring) => (
          <TextArea
            {...wiring}
            dir="auto"
            maxLength={2000}
            value={notes}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    </Card>
  );
}
