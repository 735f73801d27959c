import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { isId } from "#app/address/parsers.ts";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { QueryProvider } from "#app/query-provider.tsx";
import { OVERVIEW_PIXELS } from "#app/runs/[id]/overview-pixels.ts";
import { RunScreen } from "#app/runs/[id]/run-screen.tsx";
import type { RunReport } from "#lib/model/report.ts";
import type { RunMark } from "#lib/model/run-mark.ts";
import type { RunSnapshot } from "#lib/model/snapshot.ts";
import type { RunTimeline } from "#lib/model/timeline.ts";
import { fetchRun, fetchRunReport, fetchRunTimeline } from "#lib/queries/run.ts";
import { fetchRunMark } from "#lib/queries/run-mark.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { formatClock } from "#lib/time-format.ts";
import { nameText } from "#lib/view/name-text.ts";

interface RunPageProps {
  readonly params: Promise<{ id: string }>;
}

const readRun = cache(async (id: string) => {
  if (!isId(id)) return { ok: true as const, value: null };
  return orRefusal(fetchRun(await serverClient(), id));
});

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  const run = await readRun((await params).id);
  if (!run.ok) return { title: "Run" };
  if (run.value === null) return { title: "No such run" };
  const { run: facts, machine } = run.value;
  return {
    title: `${nameText(facts.recipeName ?? "Run")}, ${nameText(machine.name)}, ${formatClock(facts.startTime, machine.timezone, "date-time")}`,
  };
}

/** No loading.tsx here or above: once a part of the page has been sent, a run that is not there cannot be answered 404. */
export default async function RunPage({ params }: RunPageProps) {
  const { id } = await params;
  const [run, person] = await Promise.all([readRun(id), orRefusal(currentPerson())]);
  if (!run.ok) return <CannotRead title="Run" refusal={run} />;
  if (!person.ok) return <CannotRead title="Run" refusal={person} />;
  if (!person.value) redirect(`/sign-in?next=/runs/${id}`);
  if (run.value === null) notFound();
  const [timeline, report, mark] = await Promise.all([
    wholeTimeline(run.value),
    reportOf(run.value),
    markOf(run.value),
  ]);
  return (
    <QueryProvider>
      <RunScreen
        initial={run.value}
        firstTimeline={timeline}
        firstReport={report}
        firstMark={mark}
        person={person.value}
      />
    </QueryProvider>
  );
}

async function markOf({ run }: RunSnapshot): Promise<{ mark: RunMark | null } | null> {
  const read = await orRefusal(fetchRunMark(await serverClient(), run.id));
  return read.ok ? { mark: read.value } : null;
}

/** As the timeline: without it the browser asks again. */
async function reportOf({ run }: RunSnapshot): Promise<RunReport | null> {
  const read = await orRefusal(fetchRunReport(await serverClient(), run.id));
  return read.ok ? read.value : null;
}

/** The whole run for the first drawing. Without it the page still stands: the browser reads it again. */
async function wholeTimeline({ run, totals }: RunSnapshot): Promise<RunTimeline | null> {
  if (totals.firstDeviceStartedAt === null) return null;
  const toMs = Math.max(
    1,
    (totals.lastDeviceEndedAt ?? totals.firstDeviceStartedAt) - totals.firstDeviceStartedAt,
  );
  const read = await orRefusal(
    fetchRunTimeline(await serverClient(), run.id, { fromMs: 0, toMs }, OVERVIEW_PIXELS),
  );
  return read.ok ? read.value : null;
}
