import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import type { Note } from "#lib/model/note.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { placeText } from "#lib/view/note-place.ts";

interface NoteItemProps {
  readonly note: Note;
  readonly author: string;
  readonly begin: EpochMs | null;
  readonly zone: string;
  readonly isHistoryOpen: boolean;
  /** Leads to where the note is; null for a note on the whole run. */
  readonly onShow: (() => void) | null;
  readonly onEdit: () => void;
  readonly onRetract: () => void;
  readonly onHistory: () => void;
  /** Its versions, while they are looked at. */
  readonly children: ReactNode;
}

/** One note: where it is, what it says, who wrote it when, and what its author can do with it. */
export function NoteItem(props: NoteItemProps) {
  const { note, begin, zone, onShow } = props;
  const place = placeText(note, begin);
  const changedAt = note.editedAt === null ? null : formatClockWithZone(note.editedAt, zone, "date-time");
  return (
    <li className="grid gap-1.5 px-4 py-3 text-sm" data-note={note.id}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {onShow === null || place === null ? (
          <span className="text-xs font-medium text-ink-muted">{place ?? "The whole run"}</span>
        ) : (
          <Button size="sm" onClick={onShow}>
            {place}
          </Button>
        )}
        <span className="text-xs text-ink-faint">
          <bdi>{props.author}</bdi>, {formatClockWithZone(note.createdAt, zone, "date-time")}
          {changedAt === null || note.isRetracted ? "" : `, changed ${changedAt}`}
        </span>
        <span className="ml-auto flex flex-wrap gap-1">
          {note.version > 1 ? (
            <Button
              size="sm"
              variant="ghost"
              aria-expanded={props.isHistoryOpen}
              aria-label={`History of the note, ${note.version} versions`}
              onClick={props.onHistory}
            >
              History ({note.version})
            </Button>
          ) : null}
          {note.mayEdit ? (
            <>
              <Button size="sm" variant="ghost" onClick={props.onEdit}>
                Change
              </Button>
              <Button size="sm" variant="ghost" onClick={props.onRetract}>
                Take back
              </Button>
            </>
          ) : null}
        </span>
      </div>
      {note.isRetracted ? (
        <p className="text-ink-faint">Taken back{changedAt === null ? "" : `, ${changedAt}`}.</p>
      ) : (
        <p className="max-w-prose whitespace-pre-wrap [overflow-wrap:anywhere]">{note.body}</p>
      )}
      {props.children}
    </li>
  );
}
