import { Choose } from "#components/runs/choose.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { SystemReport } from "#lib/model/system.ts";
import type { EpochMs } from "#lib/time.ts";
import { counted, formatCount } from "#lib/view/count.ts";
import { formatBytes, retentionOf } from "#lib/view/stored.ts";

interface StorageCardProps {
  readonly storage: NonNullable<SystemReport["storage"]>;
  /** Months of telemetry to keep. */
  readonly keep: number;
  readonly choices: readonly number[];
  readonly now: EpochMs;
  readonly onKeep: (months: number) => void;
}

/** What is stored, and what keeping fewer months of readings would throw away; nothing is thrown away here. */
export function StorageCard({ storage, keep, choices, now, onKeep }: StorageCardProps) {
  const retention = retentionOf(storage.telemetry, keep, now);
  return (
    <Card aria-label="Storage">
      <CardHeader
        title="Storage"
        note={`${formatBytes(storage.databaseBytes)} in all; rows as last counted`}
      />
      <CardBody>
        <Facts>
          {storage.tables.map(({ name, bytes, rows }) => (
            <Fact key={name} label={name} note={counted(rows, "row")}>
              {formatBytes(bytes)}
            </Fact>
          ))}
        </Facts>
        <div className="mt-5 flex flex-wrap items-end gap-x-5 gap-y-2">
          <Choose
            label="Keep readings of"
            all="12 months"
            value={keep === 12 ? "" : String(keep)}
            choices={choices
              .filter((months) => months !== 12)
              .map((months) => ({ value: String(months), name: `${months} months` }))}
            onChange={(months) => onKeep(Number(months || 12))}
          />
          <p role="status" className="pb-2 text-sm text-ink-muted">
            {retention.dropped.length === 0
              ? "Nothing is older."
              : `Would throw away ${counted(retention.dropped.length, "month")}: ${counted(retention.readings, "reading")}, ${formatBytes(retention.bytes)}. Their sums stay.`}
          </p>
        </div>
      </CardBody>
      <Table caption="Telemetry by month">
        <thead>
          <tr>
            <Th>Telemetry of</Th>
            <Th isNumeric>Readings</Th>
            <Th isNumeric>Size</Th>
            <Th>Kept</Th>
          </tr>
        </thead>
        <tbody>
          {storage.telemetry.map(({ month, bytes, readings }) => (
            <Tr key={month ?? "rest"}>
              <Td>{month ?? "other months"}</Td>
              <Td isNumeric>{formatCount(readings)}</Td>
              <Td isNumeric>{formatBytes(bytes)}</Td>
              <Td className="text-ink-muted">
                {month !== null && retention.dropped.includes(month) ? "would go" : "yes"}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
