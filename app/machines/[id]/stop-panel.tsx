"use client";

import { useMemo } from "react";
import { useAsked } from "#app/machines/[id]/asked.ts";
import { CommandNews } from "#app/machines/[id]/command-news.tsx";
import { StopControl, useStopForm } from "#app/machines/[id]/stop-control.tsx";
import { useZone } from "#app/zone.tsx";
import { ownStarts, withAnswers } from "#components/machine/asked-commands.ts";
import { whyNoStop } from "#components/machine/control-reasons.ts";
import { ControlStrip } from "#components/machine/control-strip.tsx";
import { StatusNote } from "#components/machine/status-note.tsx";
import type { Person } from "#lib/model/person.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";

interface StopPanelProps {
  readonly data: Pick<LiveRun, "machine" | "state" | "lease" | "commands" | "steps"> & {
    /** Null: whatever the machine is running. */
    readonly run: LiveRun["run"] | null;
  };
  readonly person: Person;
  readonly now: EpochMs;
  readonly openedAt: EpochMs;
  readonly isStale: boolean;
  /** The screen may be behind the database, so nothing may be ruled out. */
  readonly isBehind: boolean;
}

/** The machine's state and Stop, in the same place as on the machine's own page, and what became of what was asked. */
export function StopPanel({ data, person, now, openedAt, isStale, isBehind }: StopPanelProps) {
  const { machine, state, lease } = data;
  const zone = useZone(machine.timezone);
  const asked = useAsked(machine.id);
  const commands = useMemo(() => withAnswers(data.commands, asked.asked), [data.commands, asked.asked]);
  const own = ownStarts(asked.asked, commands);
  const stop = useStopForm(machine.id, commands, own.keys);
  const whyNot = whyNoStop({
    machine,
    lease,
    person,
    commands,
    // Read with the person's assignments; the database decides again.
    mayCommand: true,
    isInDoubt: isBehind,
    ownStart: own.state,
    now,
  });

  return (
    <>
      <ControlStrip
        status={machine.status}
        isStale={isStale}
        note={<StatusNote state={state} now={now} zone={zone} />}
        start={null}
        stop={{ label: "Stop run", whyNot, onPress: stop.form.open }}
        mend={null}
      />
      <CommandNews
        commands={commands}
        asked={asked}
        now={now}
        openedAt={openedAt}
        zone={zone}
        person={person}
        isBehind={isBehind}
      />
      <StopControl data={data} stop={stop} now={now} />
    </>
  );
}
