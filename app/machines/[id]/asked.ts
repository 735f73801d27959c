"use client";

import { unstable_isUnrecognizedActionError as isUnrecognizedAction } from "next/navigation";
import { useMemo, useSyncExternalStore } from "react";
import {
  type About,
  type AskedCommand,
  noteAnswer,
  noteAsked,
  noteWithdrawn,
} from "#components/machine/asked-commands.ts";
import { type Refusal, refusal } from "#lib/result.ts";
import type { Sent } from "#lib/supabase/send-command.ts";

// Kept outside of React: the router throws the answer of an action away when the person goes to another page, and what
// was refused or not answered still has to be said when they come back (trust rules T15, T16).

type Kept = { readonly asked: readonly AskedCommand[]; readonly dismissed: ReadonlySet<string> };

const NOTHING: Kept = { asked: [], dismissed: new Set() };
let kept = NOTHING;
const listeners = new Set<() => void>();

function change(next: Partial<Kept>): void {
  kept = { ...kept, ...next };
  for (const listener of [...listeners]) listener();
}

const dismiss = (key: string): void => change({ dismissed: new Set([...kept.dismissed, key]) });

/** Its key has been spent: should the command still arrive, it is refused. */
export const withdraw = (key: string): void => change({ asked: noteWithdrawn(kept.asked, key) });

/** What this tab asked of a machine, whichever of its pages asked. */
export interface AskedOfMachine {
  readonly asked: readonly AskedCommand[];
  /** Commands whose refusal a person has read. */
  readonly dismissed: ReadonlySet<string>;
  readonly dismiss: (key: string) => void;
}

export function useAsked(machineId: string): AskedOfMachine {
  const { asked, dismissed } = useSyncExternalStore(
    subscribe,
    () => kept,
    () => NOTHING,
  );
  return useMemo(
    () => ({ asked: asked.filter((each) => each.machineId === machineId), dismissed, dismiss }),
    [asked, dismissed, machineId],
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Longer than the server waits for the database, so that its answer is heard. */
const PATIENCE_MS = 15_000;

/** Sends a command and notes what becomes of it. Resolves with the answer or, when none comes in time, with that fact. */
export async function track(about: About, send: () => Promise<Sent>): Promise<Sent> {
  change({ asked: noteAsked(kept.asked, about) });
  const { promise: late, resolve } = Promise.withResolvers<Sent>();
  const timer = setTimeout(() => resolve(noAnswer(about)), PATIENCE_MS);
  const note = (answer: Sent): Sent => {
    change({ asked: noteAnswer(kept.asked, about.key, answer) });
    return answer;
  };
  const heard = answerTo(about, send).then(note);
  // Whoever comes first is told; an answer after that is noted all the same.
  return Promise.race([heard.finally(() => clearTimeout(timer)), late.then(note)]);
}

async function answerTo(about: About, send: () => Promise<Sent>): Promise<Sent> {
  try {
    return await send();
  } catch (fault) {
    if (!(fault instanceof Error)) throw fault;
    return isUnrecognizedAction(fault) ? OUTDATED : noAnswer(about);
  }
}

/** The server was deployed anew and does not know this page's actions any more. */
const OUTDATED = refusal(
  404,
  "page_outdated",
  "Not sent: Pulseboard was updated while this page was open.",
  "Reload the page, then ask again. Stop works without that.",
);

function noAnswer({ kind }: About): Refusal {
  if (kind !== "stop") {
    return refusal(
      0,
      "no_answer",
      "No answer from the web server. It is not known whether the request arrived.",
      "Press again: the same request is never carried out twice. If it stays so, reload the page.",
    );
  }
  return refusal(
    0,
    "no_answer",
    "The stop is not confirmed: the web server did not answer, so it may not have arrived.",
    "In doubt, use the machine's own stop. Press again as often as you like: it is never carried out twice.",
  );
}
