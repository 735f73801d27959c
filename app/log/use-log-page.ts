"use client";

import { ENTRIES_PER_PAGE } from "#app/log/search-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { LogFilter, LogPage } from "#lib/model/log.ts";
import { fetchLog } from "#lib/queries/log.ts";
import { useReading } from "#lib/realtime/use-reading.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

const READ_EVERY_MS = 3_000;

/** The page as the server read it; the newest one is read again for as long as it is seen, so that what is written appears. */
export function useLogPage(page: LogPage, filter: LogFilter): { page: LogPage; hasFailed: boolean } {
  const client = browserClient(useRuntimeConfig());
  const key = page.isFirst ? JSON.stringify(filter) : null;
  const { data, hasFailed } = useReading(key, READ_EVERY_MS, (signal) =>
    fetchLog(client, { filter, place: null, limit: ENTRIES_PER_PAGE }, { signal }),
  );
  return { page: data ?? page, hasFailed };
}
