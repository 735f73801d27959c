"use client";

import { useState } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { WatcherList } from "#components/machine/watcher-list.tsx";
import { newId } from "#lib/new-id.ts";
import { watchMachine } from "#lib/queries/watchers.ts";
import { useReading } from "#lib/realtime/use-reading.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

/** The database forgets a page after 30 s. */
const SAY_SO_EVERY_MS = 10_000;

/** Who else has this machine on a screen. Only a page that is seen says so, and only a fresh answer is shown. */
export function Watchers({ machineId }: { readonly machineId: string }) {
  const client = browserClient(useRuntimeConfig());
  const [pageId] = useState(newId);
  const { data, hasFailed } = useReading(`${machineId} ${pageId}`, SAY_SO_EVERY_MS, (signal) =>
    watchMachine(client, machineId, pageId, { signal }),
  );
  return <WatcherList watchers={hasFailed || !data ? [] : data} />;
}
