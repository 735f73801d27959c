"use client";

import { useMemo } from "react";
import { useAsked } from "#app/machines/[id]/asked.ts";
import { CommandNews } from "#app/machines/[id]/command-news.tsx";
import { MendControl, useMendForms } from "#app/machines/[id]/mend-control.tsx";
import { StartControl, useStartForm } from "#app/machines/[id]/start-control.tsx";
import { StopControl, useStopForm } from "#app/machines/[id]/stop-control.tsx";
import { ownStarts, withAnswers } from "#components/machine/asked-commands.ts";
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
  /** The latest moment this page knows anything about. */
  readonly knownAt: EpochMs;
  /** When the page was read; what was settled before it is history. */
  readonly openedAt: EpochMs;
  readonly person: Person;
  readonly isStale: boolean;
  /** The screen may be behind the database, so nothing may be ruled out. */
  readonly isBehind: boolean;
}

/** State and controls, what was asked and how far it got, and every refusal until somebody has read it. */
export function ControlPanel(props: ControlPanelProps) {
  const { live, now, knownAt, openedAt, person, isStale, isBehind } = props;
  const { machine, state, lease, run, mayCommand } = live.data;
  const asked = useAsked(machine.id);
  const commands = useMemo(
    () => withAnswers(live.data.commands, asked.asked),
    [live.data.commands, asked.asked],
  );
  const own = ownStarts(asked.asked, commands);
  const start = useStartForm(machine, commands);
  const stop = useStopForm(machine.id, commands, own.keys);
  const mend = useMendForms(machine, run, commands);

  const scene: ControlScene = {
    machine,
    lease,
    person,
    commands,
    mayCommand,
    isInDoubt: isBehind,
    ownStart: own.state,
    now: knownAt,
  };
  const whyNotStart = whyNoStart(scene);
  const mending = mend.of(machine.status);

  return (
    <>
      <ControlStrip
        status={machine.status}
        isStale={isStale}
        note={<StatusNote state={state} now={isBehind ? knownAt : now} zone={machine.timezone} />}
        start={{ label: "Start run", whyNot: whyNotStart, onPress: start.form.open }}
        stop={{ label: "Stop run", whyNot: whyNoStop(scene), onPress: stop.form.open }}
        mend={mending && { ...mending, whyNot: whyNoMend(scene) }}
      />
      <CommandNews
        commands={commands}
        asked={asked}
        now={now}
        openedAt={openedAt}
        zone={machine.timezone}
        person={person}
        isBehind={isBehind}
      />
      <StartControl machine={machine} start={start} whyNot={whyNotStart} now={now} />
      <StopControl data={live.data} stop={stop} now={now} />
      <MendControl machine={machine} mend={mend} />
    </>
  );
}
