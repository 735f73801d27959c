import { memo } from "react";
import { RunRow } from "#components/runs/run-row.tsx";
import { SortTh } from "#components/runs/sort-th.tsx";
import { Table, Th } from "#components/ui/table.tsx";
import { originOf } from "#lib/model/origin.ts";
import type { RunSummary } from "#lib/model/run.ts";
import type { RunOrder } from "#lib/model/run-list.ts";
import type { EpochMs } from "#lib/time.ts";
import { zoneLabel } from "#lib/time-format.ts";

interface RunsTableProps {
  readonly runs: readonly RunSummary[];
  /** Server time, for runs that have not ended. */
  readonly now: EpochMs;
  readonly zone: string;
  /** Given where the order can be chosen; else it is newest first. */
  readonly order?: RunOrder;
  readonly onSort?: (order: RunOrder) => void;
  /** Given where runs can be pinned. */
  readonly pins?: readonly string[];
  readonly onPin?: (runId: string, isPinned: boolean) => void;
}

/** Runs in a table. On a narrow screen the less urgent columns fold into the first. */
export const RunsTable = memo(function RunsTable({
  runs,
  now,
  zone,
  order,
  onSort,
  pins,
  onPin,
}: RunsTableProps) {
  // Where all runs are of one kind the header says so once; a mixed list says it row by row.
  const isMixed = new Set(runs.map(originOf)).size > 1;
  const head = { order: order ?? null, onSort };
  return (
    <Table caption={order === undefined || isNewestFirst(order) ? "Runs, newest first" : "Runs"}>
      <thead>
        <tr>
          {pins && onPin ? (
            <Th className="w-9 pr-0">
              <span className="sr-only">Pinned</span>
            </Th>
          ) : null}
          <SortTh {...head} sort="status">
            Status
          </SortTh>
          <SortTh {...head} sort="recipe">
            Recipe
          </SortTh>
          <SortTh {...head} sort="machine" className="hidden sm:table-cell">
            Machine
          </SortTh>
          <SortTh {...head} sort="start_time" className="hidden md:table-cell">
            Started ({zoneLabel(now, zone)})
          </SortTh>
          <SortTh {...head} sort="duration" isNumeric className="hidden md:table-cell">
            Recorded
          </SortTh>
          <SortTh {...head} sort="deviation_count" className="hidden sm:table-cell">
            Deviations
          </SortTh>
          <SortTh {...head} sort="steps" isNumeric className="hidden lg:table-cell">
            Steps recorded
          </SortTh>
          <SortTh {...head} sort="operator" className="hidden lg:table-cell">
            Operator
          </SortTh>
          <Th className="hidden 2xl:table-cell">End</Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow
            key={run.runId}
            run={run}
            now={now}
            zone={zone}
            isMarked={isMixed}
            isPinned={pins?.includes(run.runId) ?? false}
            {...(pins && onPin && { onPin })}
          />
        ))}
      </tbody>
    </Table>
  );
});

const isNewestFirst = ({ sort, isDescending }: RunOrder): boolean => sort === "start_time" && isDescending;
