"use client";

import { useMemo } from "react";
import { type AskedOfMachine, useAsked } from "#app/machines/[id]/asked.ts";
import type { SeenMachine } from "#app/machines/[id]/use-live-machine.ts";
import { ownStarts, withAnswers } from "#components/machine/asked-commands.ts";
import type { ControlScene } from "#components/machine/control-reasons.ts";
import type { Person } from "#lib/model/person.ts";

/** What a person may do with a machine now, and what was asked of it. */
export interface Controls {
  readonly asked: AskedOfMachine;
  /** Keys of this tab's starts that nobody has answered. */
  readonly ownStarts: readonly string[];
  /** Everything a reason against a control is taken from. */
  readonly scene: ControlScene;
}

export function useControls({ live, news, isBehind }: SeenMachine, person: Person): Controls {
  const { machine, lease, mayCommand, commands: told } = live.data;
  const asked = useAsked(machine.id);
  const commands = useMemo(() => withAnswers(told, asked.asked), [told, asked.asked]);
  const own = ownStarts(asked.asked, commands);
  const scene: ControlScene = {
    machine,
    lease,
    person,
    commands,
    mayCommand,
    isInDoubt: isBehind,
    ownStart: own.state,
    now: news.knownAt,
  };
  return { asked, ownStarts: own.keys, scene };
}
