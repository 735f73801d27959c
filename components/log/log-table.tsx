import { memo } from "react";
import { LogRow } from "#components/log/log-row.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import type { LogEntry } from "#lib/model/log.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock, zoneLabel } from "#lib/time-format.ts";

interface LogTableProps {
  /** Newest first. */
  readonly entries: readonly LogEntry[];
  /** Server time. */
  readonly now: EpochMs;
  readonly zone: string;
}

/** Entries of the log in a table. On a narrow screen who and where fold into what. */
export function LogTable({ entries, now, zone }: LogTableProps) {
  return (
    <Entries
      entries={entries}
      label={zoneLabel(now, zone)}
      today={formatClock(now, zone, "date")}
      zone={zone}
    />
  );
}

interface EntriesProps {
  readonly entries: readonly LogEntry[];
  readonly label: string;
  /** yyyy-mm-dd in the zone. */
  readonly today: string;
  readonly zone: string;
}

/** Drawn again when something in it changes, not with every second. */
const Entries = memo(function Entries({ entries, label, today, zone }: EntriesProps) {
  return (
    <Table caption="Log, newest first">
      <thead>
        <tr>
          <Th>Time ({label})</Th>
          <Th className="hidden xl:table-cell">Who</Th>
          <Th>What</Th>
          <Th className="hidden xl:table-cell">Where</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <LogRow key={entry.id} entry={entry} today={today} zone={zone} />
        ))}
      </tbody>
    </Table>
  );
});
