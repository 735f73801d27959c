"use client";

import { useQueryState } from "nuqs";
import { useState } from "react";
import { runsParams } from "#app/runs/search-params.ts";
import { MOST_COMPARED } from "#lib/model/run-list.ts";

interface Pins {
  readonly pins: readonly string[];
  /** One more was asked for than can be compared. */
  readonly isRefused: boolean;
  readonly pin: (runId: string, isPinned: boolean) => void;
  readonly clear: () => void;
  readonly dismiss: () => void;
}

/** The pinned runs. They stand in the address, so that a link has them too. */
export function usePins(): Pins {
  const [pins, setPins] = useQueryState("pins", runsParams.pins);
  const [isRefused, refuse] = useState(false);
  const pin = (runId: string, isPinned: boolean) => {
    const isTooMany = isPinned && pins.length >= MOST_COMPARED && !pins.includes(runId);
    refuse(isTooMany);
    if (isTooMany) return;
    const others = pins.filter((id) => id !== runId);
    const next = isPinned ? [...others, runId] : others;
    void setPins(next.length > 0 ? next : null);
  };
  const clear = () => {
    refuse(false);
    void setPins(null);
  };
  return { pins, isRefused, pin, clear, dismiss: () => refuse(false) };
}
