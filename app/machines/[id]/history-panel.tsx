import { CommandLedger } from "#components/machine/command-ledger.tsx";
import { EventList } from "#components/machine/event-list.tsx";
import { personName } from "#components/machine/person-name.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { Person } from "#lib/model/person.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";

interface HistoryPanelProps {
  readonly data: LiveMachine;
  readonly now: EpochMs;
  readonly person: Person;
}

/** Who asked what of this machine, and what has happened to it. */
export function HistoryPanel({ data, now, person }: HistoryPanelProps) {
  const zone = data.machine.timezone;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:gap-5 xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
      <Card aria-label="Commands">
        <CardHeader title="Commands" note="what was asked of this machine, newest first" />
        <CommandLedger
          commands={data.commands}
          now={now}
          zone={zone}
          nameOf={(command) => personName(command.requestedBy, command.requestedByName, person)}
        />
      </Card>
      <Card aria-label="Events">
        <CardHeader title="Last events" />
        <EventList events={data.recentEvents} now={now} zone={zone} />
      </Card>
    </div>
  );
}
