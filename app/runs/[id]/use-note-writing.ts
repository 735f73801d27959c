import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { editNoteAction, writeNoteAction } from "#app/runs/[id]/actions.ts";
import { useAsking } from "#app/use-asking.ts";
import type { Note, NoteText } from "#lib/model/note.ts";
import { newId } from "#lib/new-id.ts";
import type { Refusal } from "#lib/result.ts";
import type { EpochMs } from "#lib/time.ts";
import { draftOf, type NoteDraft } from "#lib/view/note-draft.ts";

/** A note under the pen: new, or one of mine in the version that I saw. */
type Sheet = { noteId: string; version: number | null; draft: NoteDraft };

export interface NoteWriting {
  readonly sheet: Sheet | null;
  readonly isOpen: boolean;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  readonly write: (draft: NoteDraft) => void;
  readonly edit: (note: Note, begin: EpochMs | null) => void;
  readonly change: (draft: NoteDraft) => void;
  readonly seen: (version: number) => void;
  readonly close: () => void;
  readonly forget: () => void;
  readonly send: (text: NoteText) => Promise<void>;
}

/** The version of a note that was written once. */
const FIRST = 1;

/** One note at a time. What was typed is kept until it is sent, so that a slip of the finger costs no work. */
export function useNoteWriting(runId: string, onSent: () => void): NoteWriting {
  const client = useQueryClient();
  const { isSending, ask } = useAsking("the notes of this run");
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const open = (next: Sheet) => {
    if (sheet?.noteId !== next.noteId) setRefusal(null);
    setSheet(next);
    setOpen(true);
  };
  const send = async (text: NoteText) => {
    if (sheet === null) return;
    setRefusal(null);
    const { noteId, version } = sheet;
    const answer = await ask(() =>
      version === null
        ? writeNoteAction({ noteId, runId, ...text })
        : editNoteAction({ noteId, version, ...text }),
    );
    if (answer.ok) {
      setOpen(false);
      setSheet(null);
      onSent();
    } else {
      setRefusal(answer);
      // It was written by a request whose answer was lost: what is sent next is written over it.
      if (version === null && answer.code === "note_changed")
        setSheet((now) => now && { ...now, version: FIRST });
    }
    // A refusal, too, can mean that the notes are others by now.
    await client.invalidateQueries({ queryKey: ["run", runId, "notes"] });
  };

  return {
    sheet,
    isOpen,
    isSending,
    refusal,
    write: (draft) => open(resumed(sheet, draft) ?? { noteId: newId(), version: null, draft }),
    edit: (note, begin) =>
      open(
        sheet?.noteId === note.id
          ? sheet
          : { noteId: note.id, version: note.version, draft: draftOf(note, begin) },
      ),
    change: (draft) => setSheet((now) => now && { ...now, draft }),
    seen: (version) => {
      setRefusal(null);
      setSheet((now) => now && { ...now, version });
    },
    close: () => setOpen(false),
    forget: () => setRefusal(null),
    send,
  };
}

/** A new note that was left unsent goes on; asked for at a place, it moves there. */
function resumed(sheet: Sheet | null, draft: NoteDraft): Sheet | null {
  if (sheet === null || sheet.version !== null || sheet.draft.body.trim() === "") return null;
  return draft.kind === "run" ? sheet : { ...sheet, draft: { ...draft, body: sheet.draft.body } };
}
