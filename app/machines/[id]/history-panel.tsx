import { memo } from "react";
import { CommandLedger } from "#components/machine/command-ledger.tsx";
import { EventList } from "#components/machine/event-list.tsx";
import { personName } from "#components/machine/person-name.ts";
import { Card, CardHeader } from "#components/ui/card.tsx";
import type { Command } from "#lib/model/command.ts";
import type { MachineEvent } from "#lib/model/machine-event.ts";
import type { Person } from "#lib/model/person.ts";
import type { EpochMs } from "#lib/time.ts";

interface HistoryPanelProps {
  readonly commands: readonly Command[];
  readonly events: readonly MachineEvent[];
  readonly zone: string;
  readonly now: EpochMs;
  readonly person: Person;
}

/** Who asked what of this machine, and what has happened to it. */
export const HistoryPanel = memo(function HistoryPanel(props: HistoryPanelProps) {
  const { commands, events, zone, now, person } = props;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:gap-5 xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
      <Card aria-label="Commands">
        <CardHeader title="Commands" note="what was asked of this machine, newest first" />
        <CommandLedger
          commands={commands}
          now={now}
          zone={zone}
          nameOf={(command) => personName(command.requestedBy, command.requestedByName, person)}
        />
      </Card>
      <Card aria-label="Events">
        <CardHeader title="Last events" />
        <EventList events={events} now={now} zone={zone} />
      </Card>
    </div>
  );
});
