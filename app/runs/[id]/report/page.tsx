import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { isId } from "#app/address/parsers.ts";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { OVERVIEW_PIXELS } from "#app/runs/[id]/overview-pixels.ts";
import { ReportScreen } from "#app/runs/[id]/report/report-screen.tsx";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchNotes } from "#lib/queries/notes.ts";
import {
  fetchRun,
  fetchRunDurations,
  fetchRunReport,
  fetchRunTimeline,
  WHOLE_RUN,
} from "#lib/queries/run.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { nameText } from "#lib/view/name-text.ts";

interface ReportPageProps {
  readonly params: Promise<{ id: string }>;
}

/** Points per step: its spread over the run, not its course. */
const POINTS = 400;

export const metadata: Metadata = { title: "Report of a run" };

/** One run on paper: read once, and the same when it is read again. */
export default async function ReportPage({ params }: ReportPageProps) {
  const { id } = await params;
  if (!isId(id)) notFound();
  const client = await serverClient();
  const person = await orRefusal(currentPerson());
  if (!person.ok) return <CannotRead title="Report" refusal={person} />;
  if (!person.value) redirect(`/sign-in?next=/runs/${id}/report`);
  const run = await orRefusal(fetchRun(client, id));
  if (!run.ok) return <CannotRead title="Report" refusal={run} />;
  if (run.value === null) notFound();
  const read = await orRefusal(
    Promise.all([
      fetchRunReport(client, id),
      fetchRunTimeline(client, id, WHOLE_RUN, OVERVIEW_PIXELS),
      fetchRunDurations(client, id, POINTS),
      fetchNotes(client, id),
      fetchFleet(client),
    ]),
  );
  if (!read.ok) return <CannotRead title="Report" refusal={read} />;
  const [report, timeline, durations, notes, fleet] = read.value;
  return (
    <ReportScreen
      snapshot={run.value}
      report={report}
      timeline={timeline}
      durations={durations}
      notes={notes}
      fleet={fleet}
      readBy={nameText(person.value.name)}
    />
  );
}
