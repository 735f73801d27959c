import type { Run, RunSummary } from "#lib/model/run.ts";

/** The list as it was read, its running rows as the feed knows them now. */
export function withLiveRuns(
  rows: readonly RunSummary[],
  known: readonly (Run | null)[],
): readonly RunSummary[] {
  const live = new Map(known.flatMap((run) => (run ? [[run.id, run] as const] : [])));
  return rows.map((row) => {
    const run = live.get(row.runId);
    if (!run) return row;
    const { status, endTime, lastSeq, deviationCount } = run;
    return { ...row, status, endTime, lastSeq, deviationCount };
  });
}
