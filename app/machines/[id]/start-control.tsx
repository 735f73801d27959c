"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { startRunAction } from "#app/machines/[id]/actions.ts";
import { track } from "#app/machines/[id]/asked.ts";
import { type CommandForm, useCommand } from "#app/machines/[id]/use-command.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { recipesFor } from "#components/machine/recipes-for.ts";
import { StartDialog, type StartDraft } from "#components/machine/start-dialog.tsx";
import type { Command } from "#lib/model/command.ts";
import type { Machine } from "#lib/model/machine.ts";
import { recipeQuery, recipesQuery } from "#lib/queries/recipes.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { type EpochMs, later } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";

type StartInput = { recipeId: string; description: string; expectedVersion: number };

export interface StartForm {
  readonly form: CommandForm<StartInput>;
  readonly draft: StartDraft;
  readonly setDraft: (draft: StartDraft) => void;
  /** The machine as it was when the dialog opened: the start is meant for that, and refused if it has changed. */
  readonly seenVersion: number;
}

export function useStartForm(machine: Machine, commands: readonly Command[]): StartForm {
  const [draft, setDraft] = useState<StartDraft>({ recipeId: null, notes: "" });
  const [seenVersion, setSeenVersion] = useState(machine.version);
  const send = useCallback(
    (commandId: string, input: StartInput) =>
      track({ key: commandId, machineId: machine.id, kind: "start" }, () =>
        startRunAction({ commandId, machineId: machine.id, ...input }),
      ),
    [machine.id],
  );
  const form = useCommand(send, commands);
  const open = () => {
    setSeenVersion(machine.version);
    form.open();
  };
  return { form: { ...form, open }, draft, setDraft, seenVersion };
}

interface StartControlProps {
  readonly machine: Machine;
  readonly start: StartForm;
  readonly whyNot: string | null;
  readonly now: EpochMs;
}

/** Reads the recipes when the dialog opens, and sends the start that was reviewed. */
export function StartControl({ machine, start, whyNot, now }: StartControlProps) {
  const { form, draft, setDraft, seenVersion } = start;
  const client = browserClient(useRuntimeConfig());
  const recipes = useQuery({ ...recipesQuery(client), enabled: form.isOpen });
  const chosen = useQuery({
    ...recipeQuery(client, draft.recipeId ?? ""),
    enabled: form.isOpen && draft.recipeId !== null,
  });
  const recipe = draft.recipeId === null ? null : (chosen.data ?? null);
  const planned = recipe?.program?.totals.planned_ms;
  const fault = recipes.error ?? chosen.error;

  return (
    <StartDialog
      isOpen={form.isOpen}
      onOpenChange={(isOpen) => (isOpen ? form.open() : form.close())}
      machineName={machine.name}
      recipes={recipes.data ? recipesFor(machine, recipes.data) : null}
      recipe={recipe}
      readFault={fault?.message ?? null}
      draft={draft}
      onDraftChange={setDraft}
      finish={
        planned === undefined ? null : formatClockWithZone(later(now, planned), machine.timezone, "minute")
      }
      whyNot={form.isSending ? null : whyNot}
      isSending={form.isSending}
      refusal={form.unanswered}
      onConfirm={() => {
        if (!recipe) return;
        form.submit({ recipeId: recipe.id, description: draft.notes, expectedVersion: seenVersion });
      }}
    />
  );
}
