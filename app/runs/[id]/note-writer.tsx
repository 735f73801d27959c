import type { NoteWriting } from "#app/runs/[id]/use-note-writing.ts";
import { NoteDialog } from "#components/runs/note-dialog.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Note } from "#lib/model/note.ts";
import type { EpochMs } from "#lib/time.ts";

interface NoteWriterProps {
  readonly writing: NoteWriting;
  /** The notes as they are; none where only new ones are written. */
  readonly notes: readonly Note[];
  readonly begin: EpochMs | null;
}

/** The dialog of a note, and what was refused when it has been closed. */
export function NoteWriter({ writing, notes, begin }: NoteWriterProps) {
  const { sheet, isOpen, refusal } = writing;
  const known = sheet && sheet.version !== null ? notes.find(({ id }) => id === sheet.noteId) : undefined;
  const newer =
    known && !known.isRetracted && sheet && known.version > (sheet.version ?? known.version)
      ? { version: known.version, body: known.body }
      : null;
  return (
    <>
      {refusal && !isOpen ? (
        <div className="p-4">
          <RefusalBanner
            message={refusal.message}
            hint={refusal.hint}
            code={refusal.code}
            onDismiss={writing.forget}
          />
        </div>
      ) : null}
      {sheet ? (
        <NoteDialog
          key={sheet.noteId}
          isOpen={isOpen}
          isNew={sheet.version === null}
          draft={sheet.draft}
          onDraft={writing.change}
          begin={begin}
          isSending={writing.isSending}
          refusal={refusal}
          newer={newer}
          onSeen={() => newer && writing.seen(newer.version)}
          onClose={writing.close}
          onSend={(text) => void writing.send(text)}
        />
      ) : null}
    </>
  );
}
