import type { NoteVersion } from "#lib/model/note.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { placeText } from "#lib/view/note-place.ts";

interface NoteHistoryProps {
  readonly versions: readonly NoteVersion[];
  readonly begin: EpochMs | null;
  readonly zone: string;
}

/** What a note said before, newest first. */
export function NoteHistory({ versions, begin, zone }: NoteHistoryProps) {
  return (
    <ol aria-label="History of the note" className="grid gap-2 border-l border-line pl-3">
      {versions.toReversed().map((version) => (
        <li key={version.version} className="grid gap-0.5">
          <span className="text-xs text-ink-faint">
            Version {version.version}, {formatClockWithZone(version.writtenAt, zone, "date-time")}
            {" · "}
            {placeText(version, begin) ?? "The whole run"}
          </span>
          {version.isRetracted ? (
            <span className="text-ink-faint">Taken back.</span>
          ) : (
            <span className="max-w-prose whitespace-pre-wrap text-ink-muted [overflow-wrap:anywhere]">
              {version.body}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
