import { Fragment } from "react";
import { CycleSequence } from "#components/machine/cycle-sequence.tsx";
import type { SequenceItem } from "#components/machine/step-sequence.ts";
import { Card } from "#components/ui/card.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Meter } from "#components/ui/meter.tsx";
import { Shape } from "#components/ui/shape.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";
import type { NextStep, NowCard as NowView } from "#lib/view/now-card.ts";

interface NowCardProps {
  /** Null while a run prepares: nothing has been reported yet. */
  readonly view: NowView | null;
  /** What the recipe begins with. */
  readonly first: NextStep | null;
  readonly sequence: readonly SequenceItem[];
  readonly totalSteps: number | null;
  readonly speed: number;
  readonly isStopping: boolean;
  readonly isStale: boolean;
}

/** Where the machine is at this moment: step, loops around it, time in it against the plan, what follows. */
export function NowCard(props: NowCardProps) {
  const { view, first, sequence, totalSteps, speed, isStopping, isStale } = props;
  if (!view) return <Preparing first={first} />;
  return (
    <Card aria-label="Now" className={joinClasses("flex flex-col gap-4 p-4 sm:p-5", isStale && "hatched")}>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <p className="eyebrow tabular-nums">
            Step {formatCount(view.seq)}
            {totalSteps === null ? null : ` of ${formatCount(totalSteps)}`} ·{" "}
            {kindOf(view.stepType, view.valveNumber)}
          </p>
          <p
            className={joinClasses(
              "truncate text-2xl font-semibold tracking-tight",
              isStale && "text-ink-muted",
            )}
          >
            <bdi>{view.stepName}</bdi>
          </p>
          <Breadcrumb places={view.breadcrumb} />
        </div>
        <TimeInStep view={view} speed={speed} isStale={isStale} />
      </div>
      <CycleSequence items={sequence} />
      <p className="mt-auto text-sm text-ink-muted">
        {isStopping ? (
          "A stop is being carried out: precursor valves closed, purge, then idle."
        ) : view.next ? (
          <Following label="Next" step={view.next} />
        ) : view.isLast ? (
          "This is the last step of the recipe."
        ) : null}
      </p>
    </Card>
  );
}

function Preparing({ first }: { readonly first: NextStep | null }) {
  return (
    <Card aria-label="Now" className="flex flex-col gap-1 p-4 sm:p-5">
      <p className="eyebrow">No step yet</p>
      <p className="text-2xl font-semibold tracking-tight">Preparing</p>
      <p className="text-sm text-ink-muted">
        The run is created. Its first step begins when the controller has accepted.
      </p>
      <p className="mt-auto pt-4 text-sm text-ink-muted">
        {first ? <Following label="First" step={first} /> : null}
      </p>
    </Card>
  );
}

function Following({ label, step }: { readonly label: string; readonly step: NextStep }) {
  return (
    <>
      {label}: <bdi className="font-medium text-ink">{nameText(step.name)}</bdi>,{" "}
      {step.valveNumber === null ? kindOf(step.stepType, null).toLowerCase() : `valve ${step.valveNumber}`},{" "}
      {formatDuration(step.plannedMs)}
    </>
  );
}

const KINDS: Record<string, string> = {
  valve: "Pulse",
  purge: "Purge",
  parameter: "Set-point",
  wait: "Wait",
};

function kindOf(stepType: string, valveNumber: number | null): string {
  const kind = KINDS[stepType] ?? stepType;
  return valveNumber === null ? kind : `${kind}, valve ${valveNumber}`;
}

function Breadcrumb({ places }: { readonly places: NowView["breadcrumb"] }) {
  if (places.length === 0) return <p className="text-sm text-ink-muted">outside of the loops</p>;
  return (
    <p className="flex flex-wrap items-baseline gap-x-1.5 text-sm text-ink-muted">
      {places.map((place, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place is its depth; names may repeat
        <Fragment key={index}>
          {index > 0 ? <span aria-hidden="true">›</span> : null}
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <bdi>{nameText(place.name)}</bdi>{" "}
            <span className="font-medium tabular-nums text-ink">
              {place.iteration === null ? "?" : formatCount(place.iteration)} of {formatCount(place.count)}
            </span>
          </span>
        </Fragment>
      ))}
    </p>
  );
}

/**
 * A report needs a moment to get here, so every step seems to last a little too long. Only beyond this (real ms) is it
 * worth a word; the exact figure comes with the measurement.
 */
const ON_THE_WIRE_MS = 1000;

interface TimeInStepProps {
  readonly view: NowView;
  readonly speed: number;
  readonly isStale: boolean;
}

function TimeInStep({ view, speed, isStale }: TimeInStepProps) {
  const { elapsedMs, plannedMs, fraction, isOverdue } = view;
  const overMs = plannedMs !== null && isOverdue ? elapsedMs - plannedMs : 0;
  const shown = formatDuration(elapsedMs);
  return (
    <div className="w-full min-w-44 sm:w-56">
      <p className="flex items-baseline justify-between gap-2 text-sm">
        <span className="font-semibold tabular-nums">{shown}</span>
        <span className="tabular-nums text-ink-muted">
          {plannedMs === null ? "no planned time" : `of ${formatDuration(plannedMs)} planned`}
        </span>
      </p>
      <Meter
        fraction={fraction ?? 0}
        label={`Time in step: ${shown}${plannedMs === null ? "" : ` of ${formatDuration(plannedMs)} planned`}`}
        isStale={isStale}
        className="mt-1.5 h-1.5"
      />
      <p className="mt-1 flex h-4 items-center gap-1.5 text-xs font-medium">
        {overMs > ON_THE_WIRE_MS * speed ? (
          <>
            <Shape name="triangle" className="size-2.5 text-alarm-2" />
            {formatDuration(durationMs(overMs))} over plan
          </>
        ) : null}
      </p>
    </div>
  );
}
