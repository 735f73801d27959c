"use client";

import { ConfirmButton } from "#components/machine/confirm-button.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Program } from "#lib/model/program.ts";
import type { Refusal } from "#lib/result.ts";
import { formatDuration } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";
import { nameText } from "#lib/view/name-text.ts";
import type { PermissiveView } from "#lib/view/permissive-rows.ts";
import type { PlanTime } from "#lib/view/plan-time.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";

interface ReviewDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly machineName: string;
  /** As it was when this review was opened; that is what is asked for. */
  readonly program: Program;
  readonly time: PlanTime;
  /** Null when there is no good run to compare with. */
  readonly diff: ProgramDiff | null;
  readonly permissives: PermissiveView;
  readonly notes: string;
  /** Why the machine takes no start now, or what has changed since the review was opened. */
  readonly whyNot: string | null;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  readonly onConfirm: () => void;
}

/** The last look: machine, recipe, version, what will be sent. Nothing is sent before its own press. */
export function ReviewDialog(props: ReviewDialogProps) {
  const { machineName, program, notes, whyNot, refusal, isSending } = props;
  const { name, version } = program.recipe;
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title={`Start on ${nameText(machineName)}?`}
      description={`What is sent: run version ${version} of this recipe on ${nameText(machineName)}, if machine and recipe are still as shown here. The recipe is frozen for the run; later edits do not change it.`}
      footer={
        <>
          <Button size="lg" onClick={() => props.onOpenChange(false)}>
            Back
          </Button>
          <ConfirmButton
            variant="primary"
            isSending={isSending}
            isBlocked={whyNot !== null}
            onConfirm={props.onConfirm}
          >
            Request start
          </ConfirmButton>
        </>
      }
    >
      <div className="grid gap-4">
        <Facts className="grid-cols-2">
          <Fact label="Recipe" className="col-span-2">
            <bdi dir="auto">{name}</bdi>
          </Fact>
          <Fact label="Version">{version}</Fact>
          <Fact label="Machine">{machineName}</Fact>
          <Fact label="Planned">{formatDuration(props.time.plannedMs)}</Fact>
          <Fact label="Against the last good run">{diffText(props.diff)}</Fact>
          <Fact label="Permissives" className="col-span-2">
            <span className="whitespace-normal">{permissiveText(props.permissives)}</span>
          </Fact>
        </Facts>
        <div>
          <p className="eyebrow">Notes</p>
          <p
            dir="auto"
            className="max-h-32 overflow-y-auto text-sm break-words whitespace-pre-wrap text-ink-muted"
          >
            {notes.trim() === "" ? "none" : notes}
          </p>
        </div>
        {whyNot === null ? null : (
          <RefusalBanner message={`${nameText(machineName)} takes no start now.`} hint={whyNot} />
        )}
        {refusal === null ? null : (
          <RefusalBanner message={refusal.message} hint={refusal.hint} code={refusal.code} />
        )}
      </div>
    </Dialog>
  );
}

function diffText(diff: ProgramDiff | null): string {
  if (diff === null) return "no good run yet";
  return diff.isSame ? "the same program" : counted(diff.settings.length + diff.steps.length, "difference");
}

/** What is not known does not stop a start, so it is named before one. */
function permissiveText({ notMet, unknown, total }: PermissiveView): string {
  if (notMet.length > 0) return `Not met: ${notMet.map(({ title }) => title).join(", ")}`;
  if (unknown.length > 0) return `Not known: ${unknown.map(({ title }) => title).join(", ")}`;
  return `all ${total} met`;
}
