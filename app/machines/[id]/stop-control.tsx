"use client";

import { useCallback, useMemo, useState } from "react";
import { sendStop } from "#app/machines/[id]/send-stop.ts";
import { type CommandForm, useCommand } from "#app/machines/[id]/use-command.ts";
import { stopBites } from "#components/machine/stop-bites.ts";
import { StopDialog } from "#components/machine/stop-dialog.tsx";
import type { StopMode } from "#lib/model/command.ts";
import type { Machine } from "#lib/model/machine.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { Refusal } from "#lib/result.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock } from "#lib/time-format.ts";
import { deviceNow } from "#lib/view/device-clock.ts";

type StopInput = { runId: string | null; mode: StopMode };

export interface StopForm {
  readonly form: CommandForm<StopInput>;
  readonly mode: StopMode;
  readonly setMode: (mode: StopMode) => void;
}

export function useStopForm(machine: Machine, onRefused: (key: string, refusal: Refusal) => void): StopForm {
  const [mode, setMode] = useState<StopMode>("now");
  const send = useCallback(
    (commandId: string, input: StopInput) =>
      sendStop({ commandId, machineId: machine.id, reason: null, ...input }),
    [machine.id],
  );
  const form = useCommand(send, onRefused);
  const open = () => {
    setMode("now");
    form.open();
  };
  return { form: { ...form, open }, mode, setMode };
}

interface StopControlProps {
  readonly data: LiveMachine;
  readonly stop: StopForm;
  readonly now: EpochMs;
}

/** Aims the stop at the run this screen shows; at whatever runs when it shows none. */
export function StopControl({ data, stop, now }: StopControlProps) {
  const { machine, run, steps } = data;
  const { form, mode, setMode } = stop;
  const liveRun = run && !isRunEnded(run.status) ? run : null;
  const bites = useMemo(
    () =>
      stopBites({
        program: liveRun?.program ?? null,
        steps: liveRun ? steps : [],
        deviceNow: liveRun && deviceNow(liveRun, steps, now),
        totalCycles: liveRun?.totalCycles ?? null,
      }),
    [liveRun, steps, now],
  );
  const runName =
    liveRun &&
    `${liveRun.recipeName ?? "Unnamed recipe"}, since ${formatClock(liveRun.startTime, machine.timezone)}`;

  return (
    <StopDialog
      isOpen={form.isOpen}
      onOpenChange={(isOpen) => (isOpen ? form.open() : form.close())}
      machineName={machine.name}
      runName={runName}
      bites={bites}
      mode={mode}
      onModeChange={setMode}
      isSending={form.isSending}
      refusal={form.unanswered}
      onConfirm={() => form.submit({ runId: liveRun?.id ?? null, mode })}
    />
  );
}
