import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { FindingsList } from "#components/runs/findings-list.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { RunReport } from "#lib/model/report.ts";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import { runReportQuery } from "#lib/queries/run.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { findingCounts, findingLine, missingSentence } from "#lib/view/finding-lines.ts";

/** A live run is judged again this often. */
const READ_AGAIN_MS = 15_000;

/** Where a finding leads. */
const PLACE = { tab: viewParams.tab, step: viewParams.step };

interface FindingsPanelProps {
  readonly run: Run;
  /** What the server read, to draw at once. */
  readonly first: RunReport | null;
}

/** What was wrong with the run; nothing when nothing was. */
export function FindingsPanel({ run, first }: FindingsPanelProps) {
  const client = browserClient(useRuntimeConfig());
  const [, setView] = useQueryStates(PLACE);
  const query = useQuery({
    ...runReportQuery(client, run.id),
    ...(first && { initialData: first }),
    refetchInterval: isRunEnded(run.status) ? false : READ_AGAIN_MS,
  });
  if (query.error && !query.data) return <RefusalBanner message={query.error.message} />;
  const report = query.data;
  if (!report || (report.findingsTotal === 0 && report.missingCount === 0)) return null;
  return (
    <FindingsList
      lines={report.findings.map(findingLine)}
      total={report.findingsTotal}
      hasMore={report.hasMore}
      missing={missingSentence(report)}
      counts={findingCounts(report)}
      onSelect={(seq) => void setView({ tab: "steps", step: seq })}
    />
  );
}
