"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { LiveFleet } from "#lib/model/snapshot.ts";

/** The fleet's runs and their statuses are the doorbell; the list itself is read by the server. */
export function useReadAgainWhenRunsChange(fleet: LiveFleet): void {
  const router = useRouter();
  const runs = fleet.machines.map(({ run }) => (run ? `${run.id} ${run.status}` : "")).join(",");
  const known = useRef(runs);
  useEffect(() => {
    if (known.current === runs) return;
    known.current = runs;
    router.refresh();
  }, [runs, router]);
}
