import type { Note } from "#lib/model/note.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { nameText } from "#lib/view/name-text.ts";
import { placeText } from "#lib/view/note-place.ts";

interface NotesOnPaperProps {
  readonly notes: readonly Note[];
  /** When the run's first step began; null before it. */
  readonly begin: EpochMs | null;
  readonly zone: string;
}

/** The notes that stand, oldest first. */
export function NotesOnPaper({ notes, begin, zone }: NotesOnPaperProps) {
  const standing = notes.filter(({ isRetracted }) => !isRetracted);
  if (standing.length === 0) {
    return <p className="px-4 py-3 text-sm text-ink-muted">Nobody has written a note.</p>;
  }
  return (
    <ul className="divide-y divide-line">
      {standing.map((note) => (
        <li key={note.id} className="break-inside-avoid px-4 py-2.5 text-sm">
          <p className="text-xs text-ink-muted">
            {placeText(note, begin) ?? "The whole run"} ·{" "}
            <bdi>{nameText(note.authorName ?? "unnamed person")}</bdi>,{" "}
            {formatClockWithZone(note.createdAt, zone, "date-time")}
          </p>
          <p className="whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
            {note.body}
          </p>
        </li>
      ))}
    </ul>
  );
}
