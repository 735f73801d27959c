import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { isRunEnded, type Run } from "#lib/model/run.ts";
import { runReportQuery } from "#lib/queries/run.ts";
import { runCommandsQuery, runEventsQuery, stepTimesQuery } from "#lib/queries/run-events.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import {
  auditLine,
  commandLine,
  type EventSource,
  findingEventLine,
  mergeEvents,
} from "#lib/view/run-events.ts";

/** A run that goes on has new events; one that has ended can still be marked. */
const READ_AGAIN_MS = { live: 5_000, ended: 15_000 };

interface RunEvents extends EventSource {
  readonly isPending: boolean;
  readonly isReading: boolean;
  readonly error: Error | null;
  readonly readOlder: () => void;
}

/** Everything that happened to a run, newest first, as far back as it has been asked for. */
export function useRunEvents(run: Run): RunEvents {
  const client = browserClient(useRuntimeConfig());
  const again = {
    refetchInterval: isRunEnded(run.status) ? READ_AGAIN_MS.ended : READ_AGAIN_MS.live,
    refetchOnWindowFocus: "always",
  } as const;
  const audit = useInfiniteQuery({ ...runEventsQuery(client, run.id), ...again });
  const commands = useInfiniteQuery({ ...runCommandsQuery(client, run.id), ...again });
  const report = useQuery(runReportQuery(client, run.id));
  const findings = report.data?.findings ?? [];
  const times = useQuery(
    stepTimesQuery(
      client,
      run.id,
      findings.map(({ fromSeq }) => fromSeq),
    ),
  );

  const merged = mergeEvents([
    {
      lines: (audit.data?.pages ?? []).flatMap(({ rows }) => rows.map(auditLine)),
      hasMore: audit.hasNextPage,
    },
    {
      lines: (commands.data?.pages ?? []).flatMap(({ rows }) => rows.map(commandLine)),
      hasMore: commands.hasNextPage,
    },
    {
      lines: findings
        .map((finding) => findingEventLine(finding, times.data?.get(finding.fromSeq) ?? run.startTime))
        .sort((a, b) => b.at - a.at),
      hasMore: false,
    },
  ]);
  const reads = [audit, commands, report, ...(findings.length > 0 ? [times] : [])];
  return {
    ...merged,
    isPending: reads.some(({ isPending, error }) => isPending && !error),
    isReading: audit.isFetchingNextPage || commands.isFetchingNextPage,
    error: reads.find(({ error }) => error)?.error ?? null,
    readOlder: () => {
      if (audit.hasNextPage) void audit.fetchNextPage();
      if (commands.hasNextPage) void commands.fetchNextPage();
    },
  };
}
