"use client";

import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { NoteVersions } from "#app/runs/[id]/note-versions.tsx";
import { NoteWriter } from "#app/runs/[id]/note-writer.tsx";
import { RetractNote } from "#app/runs/[id]/retract-note.tsx";
import { useNoteWriting } from "#app/runs/[id]/use-note-writing.ts";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useZone } from "#app/zone.tsx";
import { personName } from "#components/machine/person-name.ts";
import { NoteItem } from "#components/runs/note-item.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { type Note, whyNoNote } from "#lib/model/note.ts";
import type { Person } from "#lib/model/person.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import { notesQuery } from "#lib/queries/notes.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import { counted } from "#lib/view/count.ts";
import { newDraft } from "#lib/view/note-draft.ts";
import { placeShown } from "#lib/view/note-place.ts";

/** What others write is seen this soon. */
const READ_AGAIN_MS = 15_000;

interface NotesPanelProps {
  readonly live: LiveRun;
  readonly person: Person;
}

/** What engineers wrote about this run, newest first. */
export function NotesPanel({ live, person }: NotesPanelProps) {
  const client = browserClient(useRuntimeConfig());
  const runId = live.run.id;
  const query = useQuery({
    ...notesQuery(client, runId),
    refetchInterval: READ_AGAIN_MS,
    refetchOnWindowFocus: "always",
  });
  const zone = useZone(live.machine.timezone);
  const [{ step, from, to }, setView] = useQueryStates(viewParams);
  const writing = useNoteWriting(runId, () => undefined);
  const [history, setHistory] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Note | null>(null);
  const begin = live.totals.firstDeviceStartedAt;
  const whyNot = whyNoNote(person);
  const notes = query.data ?? [];
  const standing = notes.filter(({ isRetracted }) => !isRetracted).length;

  const shown = (note: Note) => {
    const place = placeShown(note);
    return place && (() => void setView(place.tab === "timeline" ? { ...place, span: null } : place));
  };

  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 text-xs text-ink-faint">
        <span>{query.data ? counted(standing, "note") : ""}</span>
        <span className="ml-auto">
          {whyNot ?? (
            <Button size="sm" onClick={() => writing.write(newDraft({ step, fromMs: from, toMs: to }))}>
              Write a note
            </Button>
          )}
        </span>
      </div>
      {query.error ? (
        <div className="p-4">
          <RefusalBanner message={query.error.message} />
        </div>
      ) : null}
      <NoteWriter writing={writing} notes={notes} begin={begin} />
      {leaving ? <RetractNote runId={runId} note={leaving} onClose={() => setLeaving(null)} /> : null}
      {query.isPending ? <Skeleton className="h-48" /> : null}
      {query.data && notes.length === 0 ? (
        <EmptyState title="No notes yet">
          Engineers write here what a record cannot know: about the run, a step, or a moment.
        </EmptyState>
      ) : null}
      <ol aria-label="Notes" className="divide-y divide-line">
        {notes.toReversed().map((note) => (
          <NoteItem
            key={note.id}
            note={note}
            author={personName(note.authorId, note.authorName, person)}
            begin={begin}
            zone={zone}
            isHistoryOpen={history === note.id}
            onShow={shown(note)}
            onEdit={() => writing.edit(note, begin)}
            onRetract={() => setLeaving(note)}
            onHistory={() => setHistory(history === note.id ? null : note.id)}
          >
            {history === note.id ? (
              <NoteVersions noteId={note.id} version={note.version} begin={begin} zone={zone} />
            ) : null}
          </NoteItem>
        ))}
      </ol>
    </>
  );
}
