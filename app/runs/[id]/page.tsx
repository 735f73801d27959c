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
import type { RunTimeline } from "#lib/model/timeline.ts";
import { fetchRun, fetchRunReport, fetchRunTimeline, WHOLE_RUN } from "#lib/queries/run.ts";
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
  // All at once: the run itself says nothing that its timeline or its verdict would have to be asked with.
  const [run, person, timeline, report, mark] = await Promise.all([
    readRun(id),
    orRefusal(currentPerson()),
    wholeTimeline(id),
    reportOf(id),
    markOf(id),
  ]);
  if (!run.ok) return <CannotRead title="Run" refusal={run} />;
  if (!person.ok) return <CannotRead title="Run" refusal={person} />;
  if (!person.value) redirect(`/sign-in?next=/runs/${id}`);
  if (run.value === null) notFound();
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

async function markOf(id: string): Promise<{ mark: RunMark | null } | null> {
  const mark = await orNothing(id, (client) => fetchRunMark(client, id));
  return mark === undefined ? null : { mark };
}

async function reportOf(id: string): Promise<RunReport | null> {
  return (await orNothing(id, (client) => fetchRunReport(client, id))) ?? null;
}

async function wholeTimeline(id: string): Promise<RunTimeline | null> {
  const timeline = await orNothing(id, (client) => fetchRunTimeline(client, id, WHOLE_RUN, OVERVIEW_PIXELS));
  return timeline && timeline.durationMs > 0 ? timeline : null;
}

/** What the page can do without: the browser reads it again. */
async function orNothing<T>(
  id: string,
  reading: (client: Awaited<ReturnType<typeof serverClient>>) => Promise<T>,
): Promise<T | undefined> {
  if (!isId(id)) return undefined;
  const read = await orRefusal(reading(await serverClient()));
  return read.ok ? read.value : undefined;
}
