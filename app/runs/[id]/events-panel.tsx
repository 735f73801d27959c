"use client";

import { useQueryStates } from "nuqs";
import { useRunEvents } from "#app/runs/[id]/use-run-events.ts";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { useZone } from "#app/zone.tsx";
import { personName } from "#components/machine/person-name.ts";
import { RunEventList } from "#components/runs/run-event-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field, Select } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Person } from "#lib/model/person.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import { zoneLabel } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";
import { type EventKind, eventKinds, type RunEventLine } from "#lib/view/run-events.ts";

interface EventsPanelProps {
  readonly live: LiveRun;
  readonly person: Person;
}

const NAMES: Readonly<Record<EventKind, string>> = {
  commands: "Commands",
  status: "Status changes",
  controller: "Controller lost or back",
  marks: "Marks",
  findings: "Findings",
};

/** Commands, changes of status, marks and findings of a run in one order of time. */
export function EventsPanel({ live, person }: EventsPanelProps) {
  const events = useRunEvents(live.run);
  const zone = useZone(live.machine.timezone);
  const [{ events: kind }, setView] = useQueryStates(viewParams);
  if (events.isPending) return <Skeleton className="h-96" />;
  const lines = kind === null ? events.lines : events.lines.filter((line) => line.kind === kind);

  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 text-xs text-ink-faint">
        <Field label="Show" isLabelHidden className="w-48">
          {(wiring) => (
            <Select
              {...wiring}
              value={kind ?? ""}
              onChange={({ target }) =>
                void setView({ events: eventKinds.find((known) => known === target.value) ?? null })
              }
            >
              <option value="">All events</option>
              {eventKinds.map((known) => (
                <option key={known} value={known}>
                  {NAMES[known]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <span>{counted(lines.length, "event")}, newest first</span>
        <span className="ml-auto">As the database recorded them, {zoneLabel(live.run.startTime, zone)}</span>
      </div>
      {events.error ? (
        <div className="p-4">
          <RefusalBanner message={events.error.message} />
        </div>
      ) : null}
      {lines.length === 0 && !events.error ? (
        <EmptyState title="No such event">
          {kind === null
            ? "Nothing is known of this run but its steps."
            : "Choose all events to see the others."}
        </EmptyState>
      ) : null}
      <RunEventList
        lines={lines}
        zone={zone}
        doerOf={(line) => doerName(line, person)}
        onShow={(seq) => void setView({ tab: "steps", step: seq })}
      />
      {events.hasMore ? (
        <div className="border-t border-line p-4">
          <Button isPending={events.isReading} onClick={events.readOlder}>
            Older events
          </Button>
        </div>
      ) : null}
    </>
  );
}

const doerName = ({ doer }: RunEventLine, reader: Person): string | null =>
  doer && (doer.else ?? personName(doer.id, doer.name, reader));
