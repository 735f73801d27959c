"use client";

import { useCallback, useEffect, useMemo, useState } from "react";
import { track } from "#app/machines/[id]/asked.ts";
import { sendStop } from "#app/machines/[id]/send-stop.ts";
import { type CommandForm, useCommand } from "#app/machines/[id]/use-command.ts";
import { useZone } from "#app/zone.tsx";
import { stopBites } from "#components/machine/stop-bites.ts";
import { StopDialog } from "#components/machine/stop-dialog.tsx";
import type { Command, StopMode } from "#lib/model/command.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock } from "#lib/time-format.ts";
import { deviceNow } from "#lib/view/device-clock.ts";
import { nameText } from "#lib/view/name-text.ts";

type StopInput = { runId: string | null; mode: StopMode };

export interface StopForm {
  readonly form: CommandForm<StopInput>;
  readonly mode: StopMode;
  readonly setMode: (mode: StopMode) => void;
  /** No answer for 5 s: whoever waits here is told. */
  readonly isSlow: boolean;
}

const SLOW_MS = 5_000;

/** `starts`: keys of the person's own starts that have no answer yet; a stop means them too. */
export function useStopForm(
  machineId: string,
  commands: readonly Command[],
  starts: readonly string[],
): StopForm {
  const [mode, setMode] = useState<StopMode>("now");
  const send = useCallback(
    (commandId: string, input: StopInput) =>
      track({ key: commandId, machineId, kind: "stop" }, () =>
        sendStop({ commandId, machineId, reason: null, ...input }, starts),
      ),
    [machineId, starts],
  );
  const form = useCommand(send, commands);
  const isSlow = useIsSlow(form.isSending);
  const { open: openForm } = form;
  const open = useCallback(() => {
    setMode("now");
    openForm();
  }, [openForm]);
  return { form: { ...form, open }, mode, setMode, isSlow };
}

function useIsSlow(isWaiting: boolean): boolean {
  const [isSlow, slow] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => slow(true), SLOW_MS);
    return () => {
      clearTimeout(timer);
      slow(false);
    };
  }, [isWaiting]);
  return isSlow;
}

interface StopControlProps {
  readonly data: Pick<LiveMachine, "machine" | "run" | "steps">;
  readonly stop: StopForm;
  readonly now: EpochMs;
}

/** Aims the stop at the run this screen shows; at whatever runs when it shows none. */
export function StopControl({ data, stop, now }: StopControlProps) {
  const { machine, run, steps } = data;
  const { form, mode, setMode } = stop;
  const zone = useZone(machine.timezone);
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
    `${nameText(liveRun.recipeName ?? "Unnamed recipe")}, since ${formatClock(liveRun.startTime, zone)}`;

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
      isSlow={stop.isSlow}
      refusal={form.unanswered}
      onConfirm={() => form.submit({ runId: liveRun?.id ?? null, mode })}
    />
  );
}
