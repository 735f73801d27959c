"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { StartReading } from "#lib/model/start-review.ts";
import { startReviewQuery } from "#lib/queries/start.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { REVIEW_PERIOD } from "#lib/view/permissive-rows.ts";

/**
 * What the server read, read again every 2 s and as soon as the machine changes. A recipe that is missing or malformed is
 * not asked for again: choosing it anew is.
 */
export function useStartReview(
  { machine, lease }: Pick<LiveMachine, "machine" | "lease">,
  recipeId: string | null,
  initial: StartReading | null,
): { reading: StartReading | null; readFault: string | null } {
  const client = browserClient(useRuntimeConfig());
  const { data, error, refetch } = useQuery({
    ...startReviewQuery(client, machine.id, recipeId ?? ""),
    enabled: initial?.kind === "review",
    ...(initial === null ? {} : { initialData: initial }),
    refetchInterval: ({ state }) => (state.data?.kind === "review" ? REVIEW_PERIOD : false),
    retry: false,
    // What was known when the recipe was last looked at is of no use now.
    gcTime: 0,
  });

  const seen = `${machine.version} ${lease?.fenceToken}`;
  const known = useRef(seen);
  useEffect(() => {
    if (known.current !== seen && initial?.kind === "review") void refetch();
    known.current = seen;
  }, [seen, initial, refetch]);

  return { reading: data ?? initial, readFault: error?.message ?? null };
}
