"use client";

import { useCallback, useState } from "react";
import { newId } from "#lib/new-id.ts";
import { type Refusal, refusal } from "#lib/result.ts";
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
 * press repeated after silence is the same command. Refusals are handed to `onRefused`, with the key they answer.
 */
export function useCommand<Input>(
  send: (key: string, input: Input) => Promise<Sent>,
  onRefused: (key: string, refused: Refusal) => void,
): CommandForm<Input> {
  const [state, setState] = useState(CLOSED);

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
      void answered(send(key, input)).then((answer) => {
        if (!answer.ok && !isFinal(answer)) {
          setState((known) => ({ ...known, isSending: false, unanswered: answer }));
          return;
        }
        setState(CLOSED);
        if (!answer.ok) onRefused(key, answer);
      });
    },
    [state, send, onRefused],
  );

  const { isOpen, isSending, unanswered } = state;
  return { isOpen, isSending, unanswered, open, close, submit };
}

/** A refusal of the database or of our own checks; anything else leaves open whether the request arrived. */
const isFinal = ({ status }: Refusal): boolean => status >= 400 && status < 500;

async function answered(sending: Promise<Sent>): Promise<Sent> {
  try {
    return await sending;
  } catch (fault) {
    if (!(fault instanceof Error)) throw fault;
    return refusal(
      0,
      "no_answer",
      "No answer from the web server. It is not known whether the request arrived.",
      "Press again: the same request is never carried out twice. If it stays so, reload the page.",
    );
  }
}
