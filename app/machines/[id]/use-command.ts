"use client";

import { useCallback, useState } from "react";
import { isFinal } from "#components/machine/asked-commands.ts";
import type { Command } from "#lib/model/command.ts";
import { newId } from "#lib/new-id.ts";
import type { Refusal } from "#lib/result.ts";
import type { Sent } from "#lib/supabase/send-command.ts";

export interface CommandForm<Input> {
  readonly isOpen: boolean;
  readonly isSending: boolean;
  /** No answer came: the same request can be sent again, it is never carried out twice. */
  readonly unanswered: Refusal | null;
  readonly open: () => void;
  readonly close: () => void;
  readonly submit: (input: Input) => void;
}

type State = {
  key: string | null;
  /** What was sent under the key; a changed request is another one and needs another key. */
  sent: string | null;
  isOpen: boolean;
  isSending: boolean;
  unanswered: Refusal | null;
};

const CLOSED: State = { key: null, sent: null, isOpen: false, isSending: false, unanswered: null };

/**
 * One dialog that sends one command. The key is made when the dialog opens and kept until there is a final answer, so a
 * press repeated after silence is the same command. `send` notes the answer for the page (asked.ts) and never rejects;
 * after silence, one of the `commands` with that key is the answer.
 */
export function useCommand<Input>(
  send: (key: string, input: Input) => Promise<Sent>,
  commands: readonly Command[],
): CommandForm<Input> {
  const [state, setState] = useState(CLOSED);
  if (state.unanswered !== null && commands.some(({ id }) => id === state.key)) setState(CLOSED);

  const open = useCallback(
    () => setState((known) => ({ ...known, key: known.key ?? newId(), isOpen: true })),
    [],
  );
  const close = useCallback(
    // Closing before anything was sent ends the intent; after silence the key lives on.
    () => setState((known) => (known.unanswered || known.isSending ? { ...known, isOpen: false } : CLOSED)),
    [],
  );

  const submit = useCallback(
    (input: Input) => {
      if (state.key === null || state.isSending) return;
      const sent = JSON.stringify(input);
      const key = state.sent === null || state.sent === sent ? state.key : newId();
      setState((known) => ({ ...known, key, sent, isSending: true, unanswered: null }));
      void send(key, input).then((answer) => {
        if (answer.ok || isFinal(answer)) setState(CLOSED);
        else setState((known) => ({ ...known, isSending: false, unanswered: answer }));
      });
    },
    [state, send],
  );

  const { isOpen, isSending, unanswered } = state;
  return { isOpen, isSending, unanswered, open, close, submit };
}
