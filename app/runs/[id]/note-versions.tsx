import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { NoteHistory } from "#components/runs/note-history.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { noteVersionsQuery } from "#lib/queries/notes.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";
import type { EpochMs } from "#lib/time.ts";

interface NoteVersionsProps {
  readonly noteId: string;
  readonly version: number;
  readonly begin: EpochMs | null;
  readonly zone: string;
}

/** The history of a note, read when it is looked at. */
export function NoteVersions({ noteId, version, begin, zone }: NoteVersionsProps) {
  const client = browserClient(useRuntimeConfig());
  const query = useQuery({
    ...noteVersionsQuery(client, noteId, version),
    placeholderData: keepPreviousData,
  });
  if (query.data) return <NoteHistory versions={query.data} begin={begin} zone={zone} />;
  return query.error ? <RefusalBanner message={query.error.message} /> : <Skeleton className="h-16" />;
}
