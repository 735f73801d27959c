import type { Metadata } from "next";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { QueryProvider } from "#app/query-provider.tsx";
import { CompareScreen } from "#app/runs/compare/compare-screen.tsx";
import { chosenRuns, loadCompareParams } from "#app/runs/compare/search-params.ts";
import type { Comparison } from "#lib/model/comparison.ts";
import { fetchComparison, fetchFrozenRuns } from "#lib/queries/comparison.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import type { FrozenRun } from "#lib/supabase/rows/frozen-run.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { type ProgramGroup, programDifferences } from "#lib/view/program-differences.ts";

export const metadata: Metadata = { title: "Compare" };

interface ComparePageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ComparePage({ searchParams }: ComparePageProps) {
  const search = await searchParams;
  const { align, measure } = loadCompareParams(search);
  const { runIds, problems } = chosenRuns([search["runs"] ?? []].flat().join(","));
  const client = await serverClient();
  const read = await orRefusal(
    Promise.all([
      fetchFleet(client),
      runIds.length > 0 ? fetchComparison(client, { runIds, align, measure }) : null,
      runIds.length > 0 ? fetchFrozenRuns(client, runIds) : [],
    ]),
  );
  if (!read.ok) return <CannotRead title="Compare" refusal={read} />;
  const [fleet, comparison, frozen] = read.value;
  return (
    <QueryProvider>
      <CompareScreen
        runIds={runIds}
        problems={problems}
        first={comparison}
        programs={comparison ? programsOf(comparison, frozen) : []}
        fleet={fleet}
      />
    </QueryProvider>
  );
}

/** Worked out here: programs may be large, and what differs between them seldom is. */
function programsOf({ runs }: Comparison, frozen: readonly FrozenRun[]): readonly ProgramGroup[] {
  const byId = new Map(frozen.map((one) => [one.runId, one]));
  return programDifferences(
    runs.flatMap(({ index, runId }) => {
      const found = byId.get(runId);
      return found ? [{ index, program: found.program, parameters: found.parameters }] : [];
    }),
  );
}
