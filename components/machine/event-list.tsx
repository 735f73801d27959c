import Link from "next/link";
import { When } from "#components/machine/when.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Shape } from "#components/ui/shape.tsx";
import type { MachineEvent } from "#lib/model/machine-event.ts";
import type { EpochMs } from "#lib/time.ts";
import { eventLine } from "#lib/view/event-lines.ts";

interface EventListProps {
  /** Newest first. */
  readonly events: readonly MachineEvent[];
  readonly now: EpochMs;
  readonly zone: string;
}

/** What lately happened to the machine; each line leads to its run. */
export function EventList({ events, now, zone }: EventListProps) {
  if (events.length === 0) {
    return (
      <EmptyState title="Nothing yet">
        Status changes, commands and notes of this machine will be listed here.
      </EmptyState>
    );
  }
  return (
    <ol
      aria-label="Last events"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller without focus cannot be scrolled by keyboard
      tabIndex={0}
      className="max-h-96 divide-y divide-line overflow-y-auto text-sm"
    >
      {events.map((event) => (
        <li key={event.id} className="flex items-baseline gap-3 px-4 py-2">
          <span className="shrink-0 text-xs">
            <When at={event.at} now={now} zone={zone} />
          </span>
          <span className="min-w-0 break-words">
            <Line event={event} />
          </span>
          {event.runId ? (
            <Link href={`/runs/${event.runId}`} prefetch={false} className="link ml-auto shrink-0 text-xs">
              Run
            </Link>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function Line({ event }: { readonly event: MachineEvent }) {
  const { text, isTrouble } = eventLine(event);
  return (
    <>
      {isTrouble ? <Shape name="triangle" className="mr-1.5 inline size-2.5 text-alarm-2" /> : null}
      {text}
      <span className="text-ink-faint">
        {" "}
        · {event.actorRole === "service_role" ? "controller" : event.actorRole}
      </span>
    </>
  );
}
