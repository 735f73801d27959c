"use client";

import { useState } from "react";
import { ConfirmButton } from "#components/machine/confirm-button.tsx";
import { NotePlaceFields } from "#components/runs/note-place-fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { NoteText } from "#lib/model/note.ts";
import type { Refusal } from "#lib/result.ts";
import type { EpochMs } from "#lib/time.ts";
import { type NoteDraft, readDraft } from "#lib/view/note-draft.ts";

interface NoteDialogProps {
  readonly isOpen: boolean;
  readonly isNew: boolean;
  readonly draft: NoteDraft;
  readonly onDraft: (draft: NoteDraft) => void;
  /** The run's first step by the controller's clock. */
  readonly begin: EpochMs | null;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  /** What the note says by now, when it was changed since it was opened here. */
  readonly newer: { readonly version: number; readonly body: string } | null;
  /** The newer version has been read: what is written here is to follow it. */
  readonly onSeen: () => void;
  readonly onClose: () => void;
  readonly onSend: (text: NoteText) => void;
}

/** A note being written or written anew. What was typed stays until it is sent, also while the dialog is away. */
export function NoteDialog(props: NoteDialogProps) {
  const { draft, isNew, newer, refusal } = props;
  const [isAsked, ask] = useState(false);
  const read = readDraft(draft, props.begin);
  const wrong = isAsked && !read.ok ? read : null;

  const send = () => {
    if (read.ok) props.onSend(read.text);
    else ask(true);
  };

  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={(isOpen) => isOpen || props.onClose()}
      title={isNew ? "Write a note" : "Change the note"}
      description={
        isNew
          ? "Everybody who reads this run sees it. You can change it and take it back; each version is kept."
          : "What it said before stays in its history."
      }
      footer={
        <>
          <Button size="lg" onClick={props.onClose}>
            Leave it
          </Button>
          <ConfirmButton variant="primary" isSending={props.isSending} onConfirm={send}>
            {isNew ? "Write note" : "Save"}
          </ConfirmButton>
        </>
      }
    >
      <div className="grid gap-4">
        <NotePlaceFields draft={draft} onDraft={props.onDraft} wrong={wrong} />
        <Field label="Note" {...(wrong?.field === "body" ? { error: wrong.message } : {})}>
          {(wiring) => (
            <TextArea
              {...wiring}
              rows={5}
              value={draft.body}
              onChange={(event) => props.onDraft({ ...draft, body: event.target.value })}
            />
          )}
        </Field>
        {refusal ? <RefusalBanner message={refusal.message} hint={refusal.hint} code={refusal.code} /> : null}
        {newer ? (
          <section
            aria-label="What it says now"
            className="grid gap-2 rounded-md border border-line bg-sunken px-3 py-2.5 text-sm"
          >
            <p className="text-xs text-ink-muted">It was changed elsewhere. Version {newer.version} says:</p>
            <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{newer.body}</p>
            <Button size="sm" className="w-fit" onClick={props.onSeen}>
              I have read it; mine follows it
            </Button>
          </section>
        ) : null}
      </div>
    </Dialog>
  );
}
