"use client";

import { createContext, type ReactNode, useContext, useLayoutEffect, useState } from "react";
import { StopControl, useStopForm } from "#app/machines/[id]/stop-control.tsx";
import type { Command } from "#lib/model/command.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";

/** What a stop is aimed at and answered by, as the page of the machine that is shown now sees it. */
export interface StopScene {
  readonly data: Pick<LiveMachine, "machine" | "run" | "steps">;
  readonly commands: readonly Command[];
  /** Keys of the person's own starts that have no answer yet. */
  readonly starts: readonly string[];
  readonly now: EpochMs;
}

type Place = { readonly open: () => void; readonly show: (scene: StopScene) => void };

const PlaceContext = createContext<Place | null>(null);
const NONE: readonly never[] = [];

interface StopPlaceProps {
  readonly machineId: string;
  readonly children: ReactNode;
}

/**
 * Keeps the stop dialog of a machine while its pages change: a start leads from its own page to the machine's, and a Stop
 * pressed on the way has to be asked and sent all the same. Guarded by start.spec.ts.
 */
export function StopPlace({ machineId, children }: StopPlaceProps) {
  const [scene, show] = useState<StopScene | null>(null);
  const stop = useStopForm(machineId, scene?.commands ?? NONE, scene?.starts ?? NONE);
  const [place] = useState<Place>(() => ({ open: stop.form.open, show }));
  return (
    <PlaceContext value={place}>
      {children}
      {scene && <StopControl data={scene.data} stop={stop} now={scene.now} />}
    </PlaceContext>
  );
}

/** Opens the stop dialog of the machine, and tells it what this page sees. */
export function useStopPlace({ data, commands, starts, now }: StopScene): () => void {
  const place = useContext(PlaceContext);
  if (place === null) throw new Error("A page of a machine is drawn inside StopPlace.");
  const { show, open } = place;
  useLayoutEffect(() => show({ data, commands, starts, now }), [show, data, commands, starts, now]);
  return open;
}
