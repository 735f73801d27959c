"use client";

import { ChoiceList } from "#components/machine/choice-list.tsx";
import { ConfirmButton } from "#components/machine/confirm-button.tsx";
import { PhysicalStopNote } from "#components/machine/physical-stop-note.tsx";
import type { StopBite } from "#components/machine/stop-bites.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { StopMode } from "#lib/model/command.ts";
import type { Refusal } from "#lib/result.ts";
import { nameText } from "#lib/view/name-text.ts";

interface StopDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly machineName: string;
  /** The run it is aimed at, in words; null when this screen knows of none. */
  readonly runName: string | null;
  readonly bites: readonly StopBite[];
  readonly mode: StopMode;
  readonly onModeChange: (mode: StopMode) => void;
  readonly isSending: boolean;
  /** No answer for 5 s. */
  readonly isSlow: boolean;
  readonly refusal: Refusal | null;
  readonly onConfirm: () => void;
}

/** Asks once, before anything is sent: which machine, which run, where it will bite. */
export function StopDialog(props: StopDialogProps) {
  const { isOpen, onOpenChange, machineName, runName, refusal } = props;
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={`Stop ${nameText(machineName)}?`}
      description={
        runName ? (
          <>
            Run <strong className="font-semibold text-ink">{runName}</strong> ends as aborted. It cannot be
            resumed.
          </>
        ) : (
          "This screen knows of no live run. The request is sent all the same and stops whatever the machine is running."
        )
      }
      footer={
        <>
          <Button size="lg" onClick={() => onOpenChange(false)}>
            Keep it running
          </Button>
          <ConfirmButton variant="stop" isSending={props.isSending} onConfirm={props.onConfirm}>
            Request stop
          </ConfirmButton>
        </>
      }
    >
      <div className="grid gap-4">
        <ChoiceList
          legend="When it takes effect"
          choices={props.bites.map((bite) => ({
            value: bite.mode,
            title: bite.title,
            note: bite.consequence,
          }))}
          value={props.mode}
          onChange={props.onModeChange}
        />
        {props.isSlow ? (
          <RefusalBanner
            message="Not confirmed: no answer for 5 s. It is still being asked."
            hint="In doubt, do not wait: use the machine's own stop."
          />
        ) : refusal ? (
          <RefusalBanner message={refusal.message} hint={refusal.hint} code={refusal.code} />
        ) : null}
        <PhysicalStopNote />
      </div>
    </Dialog>
  );
}
