"use client";

import { useCallback, useState } from "react";
import { type Refusal, type Result, refusal } from "#lib/result.ts";

interface Asking {
  readonly isSending: boolean;
  readonly ask: <Answer extends object>(send: () => Promise<Result<Answer>>) => Promise<Result<Answer>>;
}

/** Asks the web server; silence is an answer too, and `look` says where it shows what became of it: "the workflow". */
export function useAsking(look: string): Asking {
  const [isSending, setSending] = useState(false);
  const ask = useCallback(
    async <Answer extends object>(send: () => Promise<Result<Answer>>): Promise<Result<Answer>> => {
      setSending(true);
      try {
        return await send();
      } catch (fault) {
        if (!(fault instanceof Error)) throw fault;
        return noAnswer(look);
      } finally {
        setSending(false);
      }
    },
    [look],
  );
  return { isSending, ask };
}

const noAnswer = (look: string): Refusal =>
  refusal(
    0,
    "no_answer",
    "No answer from the web server. It is not known whether it was done.",
    `Look at ${look} before you try again. If it stays so, reload the page.`,
  );
