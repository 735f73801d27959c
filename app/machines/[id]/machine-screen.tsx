"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { ignoredParams } from "#app/address/ignored.ts";
import { ControlPanel } from "#app/machines/[id]/control-panel.tsx";
import { HistoryPanel } from "#app/machines/[id]/history-panel.tsx";
import { LivePanel } from "#app/machines/[id]/live-panel.tsx";
import { MachineFrame } from "#app/machines/[id]/machine-frame.tsx";
import { NowPanel } from "#app/machines/[id]/now-panel.tsx";
import { PulsePanel } from "#app/machines/[id]/pulse-panel.tsx";
import { MACHINE_PARAMS_WANTED, machineParams } from "#app/machines/[id]/search-params.ts";
import { useControls } from "#app/machines/[id]/use-controls.ts";
import { useLiveMachine } from "#app/machines/[id]/use-live-machine.ts";
import { useZone } from "#app/zone.tsx";
import { whyNoStart } from "#components/machine/control-reasons.ts";
import type { Person } from "#lib/model/person.ts";
import type { MachineSnapshot } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";

interface MachineScreenProps {
  readonly initial: MachineSnapshot;
  readonly origin: EpochMs | null;
  readonly person: Person;
}

/** One machine: state, step, time left, anything abnormal, Stop. Drawn by the server first, kept true by the feed. */
export function MachineScreen({ initial, origin, person }: MachineScreenProps) {
  const seen = useLiveMachine(initial);
  const controls = useControls(seen, person);
  const zone = useZone(initial.machine.timezone);
  const { live, now, openedAt, isStale } = seen;
  const { machine, steps, commands, recentEvents } = live.data;

  const place = useMemo(
    () =>
      [machine.serialNumber, machine.model, machine.labName, machine.location]
        .filter((part) => part && part !== machine.name)
        .join(" · "),
    [machine],
  );

  return (
    <MachineFrame
      seen={seen}
      ignored={ignoredParams(machineParams, MACHINE_PARAMS_WANTED, useSearchParams())}
      title={machine.name}
      trail={[{ href: "/", name: "Fleet" }]}
      note={<span className="break-words">{place}</span>}
    >
      <ControlPanel
        seen={seen}
        controls={controls}
        person={person}
        start={{
          label: "Start run",
          whyNot: whyNoStart(controls.scene),
          href: `/machines/${machine.id}/start`,
        }}
      />
      <NowPanel live={live} openedAt={openedAt} isStale={isStale} now={now} person={person} />
      <LivePanel live={live} origin={origin} isStale={isStale} />
      <PulsePanel steps={steps} />
      <HistoryPanel commands={commands} events={recentEvents} zone={zone} now={now} person={person} />
    </MachineFrame>
  );
}
