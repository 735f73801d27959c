import type { RunSummary } from "#lib/model/run.ts";
import type { LiveFleet } from "#lib/model/snapshot.ts";

/** The list as it was read, its running rows as the feed knows them now. */
export function withLiveRuns(runs: readonly RunSummary[], fleet: LiveFleet): readonly RunSummary[] {
  const live = new Map(fleet.machines.flatMap(({ run }) => (run ? [[run.id, run] as const] : [])));
  return runs.map((row) => {
    const run = live.get(row.runId);
    if (!run) return row;
    const { status, endTime, lastSeq, deviationCount } = run;
    return { ...row, status, endTime, lastSeq, deviationCount };
  });
}
