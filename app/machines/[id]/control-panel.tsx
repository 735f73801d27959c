"use client";

import { CommandNews } from "#app/machines/[id]/command-news.tsx";
import { MendControl, useMendForms } from "#app/machines/[id]/mend-control.tsx";
import { StartControl, useStartForm } from "#app/machines/[id]/start-control.tsx";
import { StopControl, useStopForm } from "#app/machines/[id]/stop-control.tsx";
import { useRefusals } from "#app/machines/[id]/use-refusals.ts";
import { type ControlScene, whyNoMend, whyNoStart, whyNoStop } from "#components/machine/control-reasons.ts";
import { ControlStrip } from "#components/machine/control-strip.tsx";
import { StatusNote } from "#components/machine/status-note.tsx";
import type { Person } from "#lib/model/person.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { Feed } from "#lib/realtime/live-store.ts";
import type { EpochMs } from "#lib/time.ts";

interface ControlPanelProps {
  readonly live: Feed<LiveMachine>;
  readonly now: EpochMs;
  /** When the page was read; what was settled before it is history. */
  readonly openedAt: EpochMs;
  readonly person: Person;
  readonly isStale: boolean;
  /** The screen may be behind the database, so nothing may be ruled out. */
  readonly isBehind: boolean;
}

/** State and controls, what was asked and how far it got, and every refusal until somebody has read it. */
export function ControlPanel({ live, now, openedAt, person, isStale, isBehind }: ControlPanelProps) {
  const { machine, state, commands, lease, run, mayCommand } = live.data;
  const refusals = useRefusals();
  const start = useStartForm(machine, refusals.add);
  const stop = useStopForm(machine, refusals.add);
  const mend = useMendForms(machine, run, refusals.add);

  const scene: ControlScene = { machine, lease, person, commands, mayCommand, isInDoubt: isBehind, now };
  const whyNotStart = whyNoStart(scene);
  const mending = mend.of(machine.status);

  return (
    <>
      <ControlStrip
        status={machine.status}
        isStale={isStale}
        note={<StatusNote state={state} now={now} zone={machine.timezone} />}
        start={{ label: "Start run", whyNot: whyNotStart, onPress: start.form.open }}
        stop={{ label: "Stop run", whyNot: whyNoStop(scene), onPress: stop.form.open }}
        mend={mending && { ...mending, whyNot: whyNoMend(scene) }}
      />
      <CommandNews data={live.data} now={now} openedAt={openedAt} person={person} refusals={refusals} />
      <StartControl machine={machine} start={start} whyNot={whyNotStart} now={now} />
      <StopControl data={live.data} stop={stop} now={now} />
      <MendControl machine={machine} mend={mend} />
    </>
  );
}
