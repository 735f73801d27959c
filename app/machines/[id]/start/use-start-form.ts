"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { startRunAction } from "#app/machines/[id]/actions.ts";
import { track } from "#app/machines/[id]/asked.ts";
import { type CommandForm, useCommand } from "#app/machines/[id]/use-command.ts";
import type { Reviewed } from "#components/start/start-reasons.ts";
import type { Command, StartRunRequest } from "#lib/model/command.ts";

type Start = Pick<StartRunRequest, "recipeId" | "expectedVersion" | "expectedProgram"> & {
  description: string;
};

export interface StartForm {
  readonly form: CommandForm<Start>;
  /** What the person saw when the review was opened: the start is meant for that. */
  readonly reviewed: Reviewed | null;
  readonly review: (reviewed: Reviewed) => void;
}

/** Sends the start that was reviewed; once it is stored, the machine's page shows what becomes of it. */
export function useStartForm(machineId: string, commands: readonly Command[]): StartForm {
  const router = useRouter();
  const [reviewed, setReviewed] = useState<Reviewed | null>(null);
  const isHere = useIsHere();
  const send = useCallback(
    async (commandId: string, input: object) => {
      const answer = await track({ key: commandId, machineId, kind: "start" }, () =>
        startRunAction({ commandId, machineId, ...input }),
      );
      // Somebody who has gone elsewhere meanwhile stays there.
      if (answer.ok && isHere.current) router.push(`/machines/${machineId}`);
      return answer;
    },
    [machineId, router, isHere],
  );
  const form = useCommand(send, commands);
  const review = (seen: Reviewed) => {
    setReviewed(seen);
    form.open();
  };
  return { form, reviewed, review };
}

/** Whether this page is still the one that is shown. */
function useIsHere() {
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  return isHere;
}
