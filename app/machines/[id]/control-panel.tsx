"use client";

import { useKiosk } from "#app/kiosk/use-kiosk.ts";
import { CommandNews } from "#app/machines/[id]/command-news.tsx";
import { MendControl, useMendForms } from "#app/machines/[id]/mend-control.tsx";
import { useStopPlace } from "#app/machines/[id]/stop-place.tsx";
import type { Controls } from "#app/machines/[id]/use-controls.ts";
import type { SeenMachine } from "#app/machines/[id]/use-live-machine.ts";
import { useZone } from "#app/zone.tsx";
import { whyNoMend, whyNoStop } from "#components/machine/control-reasons.ts";
import { type Control, ControlStrip } from "#components/machine/control-strip.tsx";
import { StatusNote } from "#components/machine/status-note.tsx";
import type { Person } from "#lib/model/person.ts";

interface ControlPanelProps {
  readonly seen: SeenMachine;
  readonly controls: Controls;
  readonly person: Person;
  /** The way to a start: to its page, or on it. */
  readonly start: Control;
}

/** State and controls, what was asked and how far it got, and every refusal until somebody has read it. */
export function ControlPanel({ seen, controls, person, start }: ControlPanelProps) {
  const { live, now, openedAt, news, isStale, isBehind } = seen;
  const { machine, state, run } = live.data;
  const { asked, scene } = controls;
  const zone = useZone(machine.timezone);
  const { isOn } = useKiosk();
  const openStop = useStopPlace({
    data: live.data,
    commands: scene.commands,
    starts: controls.ownStarts,
    now,
  });
  const mend = useMendForms(machine, run, scene.commands);
  const mending = mend.of(machine.status);

  return (
    <>
      <ControlStrip
        status={machine.status}
        isStale={isStale}
        note={<StatusNote state={state} now={isBehind ? news.knownAt : now} zone={zone} />}
        {...(isOn
          ? { start: null, stop: null, mend: null }
          : {
              start,
              stop: { label: "Stop run", whyNot: whyNoStop(scene), onPress: openStop },
              mend: mending && { ...mending, whyNot: whyNoMend(scene) },
            })}
      />
      <CommandNews
        commands={scene.commands}
        asked={asked}
        now={now}
        openedAt={openedAt}
        zone={zone}
        person={person}
        isBehind={isBehind}
      />
      <MendControl machine={machine} mend={mend} />
    </>
  );
}
