import { queryOptions } from "@tanstack/react-query";
import type { Note } from "#lib/model/note.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { notesRow, noteVersionsRow } from "#lib/supabase/rows/note.ts";

/** The notes on a run, oldest first, at most 1 000; those taken back as well. Throws ReadFault. */
export async function fetchNotes(client: Client, runId: string, options?: CallOptions): Promise<Note[]> {
  const { data } = await read(
    "read the notes",
    (signal) => client.rpc("notes_of_run", { p_run_id: runId }).abortSignal(signal),
    options,
  );
  return notesRow(data);
}

export const notesQuery = (client: Client, runId: string) =>
  queryOptions({
    queryKey: ["run", runId, "notes"],
    queryFn: ({ signal }) => fetchNotes(client, runId, { signal }),
  });

/** What a note said up to `version`; a new version is another question. */
export const noteVersionsQuery = (client: Client, noteId: string, version: number) =>
  queryOptions({
    queryKey: ["note", noteId, "versions", version],
    queryFn: async ({ signal }) => {
      const { data } = await read(
        "read the history of the note",
        (aborted) => client.rpc("note_versions", { p_note_id: noteId }).abortSignal(aborted),
        { signal },
      );
      return noteVersionsRow(data);
    },
  });
