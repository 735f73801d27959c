"use client";

import { useCallback, useState } from "react";
import { clearMachineAction, reconcileRunAction } from "#app/machines/[id]/actions.ts";
import { track } from "#app/machines/[id]/asked.ts";
import { type CommandForm, useCommand } from "#app/machines/[id]/use-command.ts";
import { ChoiceList } from "#components/machine/choice-list.tsx";
import { ReasonDialog } from "#components/machine/reason-dialog.tsx";
import { RECONCILE_CHOICES, type ReconcileOutcome } from "#components/machine/reconcile-choices.ts";
import type { Command } from "#lib/model/command.ts";
import type { Machine, MachineStatus } from "#lib/model/machine.ts";
import type { Run } from "#lib/model/run.ts";
import { nameText } from "#lib/view/name-text.ts";

export interface MendForms {
  readonly clear: CommandForm<string>;
  readonly reconcile: CommandForm<{ outcome: ReconcileOutcome; reason: string }>;
  /** The control for a state that only a person can leave; null in the others. */
  readonly of: (status: MachineStatus) => { readonly label: string; readonly onPress: () => void } | null;
}

/** Leaving `error` and `unknown`, each its own command with its own key. */
export function useMendForms(machine: Machine, run: Run | null, commands: readonly Command[]): MendForms {
  const machineId = machine.id;
  const runId = machine.currentRunId ?? run?.id ?? null;
  const clear = useCommand(
    useCallback(
      (commandId: string, reason: string) =>
        track({ key: commandId, machineId, kind: "clear" }, () =>
          clearMachineAction({ commandId, machineId, reason }),
        ),
      [machineId],
    ),
    commands,
  );
  const reconcile = useCommand(
    useCallback(
      (commandId: string, input: { outcome: ReconcileOutcome; reason: string }) =>
        track({ key: commandId, machineId, kind: "reconcile" }, () =>
          reconcileRunAction({ commandId, runId, ...input }),
        ),
      [machineId, runId],
    ),
    commands,
  );
  const of = (status: MachineStatus) => {
    if (status === "error") return { label: "Clear error", onPress: clear.open };
    if (status === "unknown") return { label: "Reconcile run", onPress: reconcile.open };
    return null;
  };
  return { clear, reconcile, of };
}

interface MendControlProps {
  readonly machine: Machine;
  readonly mend: MendForms;
}

export function MendControl({ machine, mend: { clear, reconcile } }: MendControlProps) {
  const [outcome, setOutcome] = useState<ReconcileOutcome>("aborted");
  return (
    <>
      <ReasonDialog
        isOpen={clear.isOpen}
        onOpenChange={(isOpen) => (isOpen ? clear.open() : clear.close())}
        title={`Clear the error of ${nameText(machine.name)}?`}
        description="The machine becomes idle and can be started again. Do this only when you have looked at it and the cause is gone."
        confirmLabel="Clear the error"
        reasonHint="What was wrong, and what was done about it."
        isSending={clear.isSending}
        refusal={clear.unanswered}
        onConfirm={clear.submit}
      />
      <ReasonDialog
        isOpen={reconcile.isOpen}
        onOpenChange={(isOpen) => (isOpen ? reconcile.open() : reconcile.close())}
        title={`Reconcile the run on ${nameText(machine.name)}?`}
        description="The controller was lost, so only a person can say what became of the run. The machine becomes idle."
        confirmLabel="Reconcile"
        reasonHint="What you found at the machine."
        isSending={reconcile.isSending}
        refusal={reconcile.unanswered}
        onConfirm={(reason) => reconcile.submit({ outcome, reason })}
      >
        <ChoiceList
          legend="What became of the run"
          choices={RECONCILE_CHOICES}
          value={outcome}
          onChange={setOutcome}
        />
      </ReasonDialog>
    </>
  );
}
