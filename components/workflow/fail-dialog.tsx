"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Refusal } from "#lib/result.ts";

interface FailDialogProps {
  /** "Step 3: Bake at 250 °C for 4 h" */
  readonly step: string;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  readonly onConfirm: (error: string) => void;
  readonly onClose: () => void;
}

/** A step fails with a word on what went wrong: whoever retries it reads that first. */
export function FailDialog({ step, isSending, refusal, onConfirm, onClose }: FailDialogProps) {
  const [error, setError] = useState("");
  const [isAsked, ask] = useState(false);
  const isMissing = error.trim() === "";

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Fail this step?"
      description={step}
      footer={
        <>
          <Button size="lg" onClick={onClose}>
            Leave it
          </Button>
          <Button
            size="lg"
            variant="primary"
            isPending={isSending}
            onClick={() => (isMissing ? ask(true) : onConfirm(error.trim()))}
          >
            Fail step
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field
          label="What went wrong"
          hint="Shown with the step until it completes."
          {...(isAsked && isMissing ? { error: "Say what went wrong, in a few words." } : {})}
        >
          {(wiring) => (
            <TextArea
              {...wiring}
              maxLength={4000}
              value={error}
              onChange={(event) => setError(event.target.value)}
            />
          )}
        </Field>
        {refusal ? <RefusalBanner {...refusal} /> : null}
      </div>
    </Dialog>
  );
}
