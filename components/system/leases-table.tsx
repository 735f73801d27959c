import Link from "next/link";
import { OriginBadge } from "#components/ui/badge.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { isLeaseHeld, type Lease } from "#lib/model/lease.ts";
import { originOf } from "#lib/model/origin.ts";
import type { FleetMachine } from "#lib/model/snapshot.ts";
import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatAge, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";

interface LeasesTableProps {
  readonly machines: readonly Pick<FleetMachine, "machine" | "lease">[];
  /** Server time up to which anything is known. */
  readonly now: EpochMs;
}

/** Which controller holds which machine, by which fence, and for how long still. */
export function LeasesTable({ machines, now }: LeasesTableProps) {
  return (
    <Table caption="Leases by machine">
      <thead>
        <tr>
          <Th>Machine</Th>
          <Th>Controller</Th>
          <Th className="hidden sm:table-cell">Driver</Th>
          <Th isNumeric className="hidden md:table-cell">
            Fence
          </Th>
          <Th isNumeric>Heard of</Th>
          <Th isNumeric className="hidden md:table-cell">
            Ends in
          </Th>
        </tr>
      </thead>
      <tbody>
        {machines.map(({ machine, lease }) => (
          <Tr key={machine.id}>
            <Td>
              <Link href={`/machines/${machine.id}`} prefetch={false} className="link font-medium">
                <bdi>{machine.name}</bdi>
              </Link>
            </Td>
            {lease === null ? (
              <Td colSpan={5} className="text-ink-faint">
                no controller
              </Td>
            ) : (
              <LeaseCells lease={lease} now={now} />
            )}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function LeaseCells({ lease, now }: { readonly lease: Lease; readonly now: EpochMs }) {
  const isHeld = isLeaseHeld(lease, now);
  return (
    <>
      <Td className="w-full max-w-0 truncate" title={lease.controller}>
        <bdi>{lease.controller}</bdi>
      </Td>
      <Td className="hidden sm:table-cell">
        <span className="flex items-center gap-2">
          {lease.driver}
          {originOf(lease) === lease.driver ? null : <OriginBadge origin={originOf(lease)} />}
        </span>
      </Td>
      <Td isNumeric className="hidden md:table-cell">
        {formatCount(lease.fenceToken)}
      </Td>
      <Td isNumeric>{formatAge(elapsed(lease.renewedAt, now))}</Td>
      <Td isNumeric className="hidden md:table-cell">
        {isHeld ? (
          formatDuration(durationMs(Math.round(elapsed(now, lease.expiresAt) / 1000) * 1000))
        ) : (
          <span className="hatched px-1 font-medium">expired</span>
        )}
      </Td>
    </>
  );
}
