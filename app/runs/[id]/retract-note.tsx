import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { retractNoteAction } from "#app/runs/[id]/actions.ts";
import { useAsking } from "#app/use-asking.ts";
import { ConfirmButton } from "#components/machine/confirm-button.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Note } from "#lib/model/note.ts";
import type { Refusal } from "#lib/result.ts";

interface RetractNoteProps {
  readonly runId: string;
  /** As it was when its author pressed. */
  readonly note: Note;
  readonly onClose: () => void;
}

/** Asks once before a note is taken back; a refusal stays until it is left. */
export function RetractNote({ runId, note, onClose }: RetractNoteProps) {
  const client = useQueryClient();
  const { isSending, ask } = useAsking("the notes of this run");
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const send = async () => {
    const answer = await ask(() => retractNoteAction({ noteId: note.id, version: note.version }));
    await client.invalidateQueries({ queryKey: ["run", runId, "notes"] });
    if (answer.ok) onClose();
    else setRefusal(answer);
  };

  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      title="Take the note back?"
      description="It is shown as taken back. What it said stays in its history."
      footer={
        <>
          <Button size="lg" onClick={onClose}>
            Leave it
          </Button>
          {refusal === null ? (
            <ConfirmButton variant="primary" isSending={isSending} onConfirm={() => void send()}>
              Take it back
            </ConfirmButton>
          ) : null}
        </>
      }
    >
      <div className="grid gap-3 text-sm">
        <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{note.body}</p>
        {refusal ? <RefusalBanner message={refusal.message} hint={refusal.hint} code={refusal.code} /> : null}
      </div>
    </Dialog>
  );
}
