"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import type { LiveFleet } from "#lib/model/snapshot.ts";

const ANSWER_WITHIN_MS = 5_000;
const ASK_AGAIN_MS = 5_000;

/** The fleet's runs and their statuses are the doorbell; the list itself is read by the server. */
export function useReadAgainWhenRunsChange(fleet: LiveFleet): void {
  const router = useRouter();
  const runs = fleet.machines.map(({ run }) => (run ? `${run.id} ${run.status}` : "")).join(",");
  const known = useRef(runs);
  useEffect(() => {
    if (known.current === runs) return;
    let isOver = false;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const readAgain = async (): Promise<void> => {
      const isThere = await isServerThere();
      if (isOver) return;
      if (!isThere) {
        waiting = setTimeout(() => void readAgain(), ASK_AGAIN_MS);
        return;
      }
      known.current = runs;
      router.refresh();
    };
    void readAgain();
    return () => {
      isOver = true;
      clearTimeout(waiting);
    };
  }, [runs, router]);
}

/** A page that is read again from a server that does not answer is given up by the router for the browser's own error page. */
async function isServerThere(): Promise<boolean> {
  return fetch("/session", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).then(
    () => true,
    () => false,
  );
}
