"use client";

import { type ReactNode, useState } from "react";
import { ConfirmButton } from "#components/machine/confirm-button.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Refusal } from "#lib/result.ts";

interface ReasonDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  readonly description: ReactNode;
  readonly confirmLabel: string;
  readonly reasonHint: string;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  readonly onConfirm: (reason: string) => void;
  /** A choice above the reason, where there is one. */
  readonly children?: ReactNode;
}

/** As the database counts it; what it refuses all the same is told here. */
const SHORTEST = 3;

/** Leaving `error` or `unknown` is a person's word: it needs a reason, which is kept. */
export function ReasonDialog(props: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  const [isAsked, ask] = useState(false);
  const isTooShort = reason.trim().length < SHORTEST;

  const confirm = () => {
    if (isTooShort) ask(true);
    else props.onConfirm(reason.trim());
  };

  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title={props.title}
      description={props.description}
      footer={
        <>
          <Button size="lg" onClick={() => props.onOpenChange(false)}>
            Leave it
          </Button>
          <ConfirmButton variant="primary" isSending={props.isSending} onConfirm={confirm}>
            {props.confirmLabel}
          </ConfirmButton>
        </>
      }
    >
      <div className="grid gap-4">
        {props.children}
        <Field
          label="Reason"
          hint={props.reasonHint}
          {...(isAsked && isTooShort
            ? { error: `Say why, in ${SHORTEST} characters at least. It is kept in the log.` }
            : {})}
        >
          {(wiring) => (
            <TextArea
              {...wiring}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {props.refusal ? (
          <RefusalBanner
            message={props.refusal.message}
            hint={props.refusal.hint}
            code={props.refusal.code}
          />
        ) : null}
      </div>
    </Dialog>
  );
}
