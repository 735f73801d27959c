"use client";

import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { Contained } from "#app/contained.tsx";
import { StopPanel } from "#app/machines/[id]/stop-panel.tsx";
import { FindingsPanel } from "#app/runs/[id]/findings-panel.tsx";
import { MarkPanel } from "#app/runs/[id]/mark-panel.tsx";
import { StepsPanel } from "#app/runs/[id]/steps-panel.tsx";
import { TimelinePanel } from "#app/runs/[id]/timeline-panel.tsx";
import { ignoredView, TABS, viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useHeader } from "#app/use-header.ts";
import { useZone } from "#app/zone.tsx";
import { ExportLinks } from "#components/runs/export-links.tsx";
import { RunFacts } from "#components/runs/run-facts.tsx";
import { VerdictLine } from "#components/runs/verdict-line.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { OriginBadge } from "#components/ui/badge.tsx";
import { Card, CardBody } from "#components/ui/card.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import { TabPanel, Tabs } from "#components/ui/tabs.tsx";
import { isLeaseHeld } from "#lib/model/lease.ts";
import { originOf } from "#lib/model/origin.ts";
import type { Person } from "#lib/model/person.ts";
import type { RunReport } from "#lib/model/report.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { RunMark } from "#lib/model/run-mark.ts";
import type { RunSnapshot } from "#lib/model/snapshot.ts";
import type { RunTimeline } from "#lib/model/timeline.ts";
import { useNow, useRunFeed } from "#lib/realtime/use-feed.ts";
import { formatClock } from "#lib/time-format.ts";
import { heldNow } from "#lib/view/device-clock.ts";
import { nameText } from "#lib/view/name-text.ts";
import { pageNews } from "#lib/view/page-news.ts";
import { measuredTime, recordedTime } from "#lib/view/run-times.ts";
import { runVerdict } from "#lib/view/run-verdict.ts";

const loading = () => <Skeleton className="h-96" />;
const DurationsPanel = dynamic(
  () => import("#app/runs/[id]/durations-panel.tsx").then((part) => part.DurationsPanel),
  { loading },
);
const CyclesPanel = dynamic(
  () => import("#app/runs/[id]/cycles-panel.tsx").then((part) => part.CyclesPanel),
  { loading },
);
const TrendsPanel = dynamic(
  () => import("#app/runs/[id]/trends-panel.tsx").then((part) => part.TrendsPanel),
  { loading },
);
const EventsPanel = dynamic(
  () => import("#app/runs/[id]/events-panel.tsx").then((part) => part.EventsPanel),
  { loading },
);
const NotesPanel = dynamic(() => import("#app/runs/[id]/notes-panel.tsx").then((part) => part.NotesPanel), {
  loading,
});

/** The page itself follows nothing else of the view: a window that is moved with every frame is drawn by what shows it. */
const TAB = { tab: viewParams.tab };

interface RunScreenProps {
  readonly initial: RunSnapshot;
  readonly firstTimeline: RunTimeline | null;
  readonly firstReport: RunReport | null;
  readonly firstMark: { readonly mark: RunMark | null } | null;
  readonly person: Person;
}

/** What this run really did, and where it left its plan. A live run opens in the same page and keeps growing. */
export function RunScreen({ initial, firstTimeline, firstReport, firstMark, person }: RunScreenProps) {
  const { data, feed, clock } = useRunFeed(useRuntimeConfig(), initial.run.id, initial);
  const now = useNow(clock, initial.serverTime);
  const [{ tab }, setView] = useQueryStates(TAB);
  const { run, machine, operatorName, lease } = data;
  const zone = useZone(machine.timezone);
  const isLive = !isRunEnded(run.status);
  const news = pageNews(feed, [isLive ? lease : null], now);
  const isBehind = news.state === "behind";
  const measuredMs = measuredTime(data, heldNow(now, feed));
  const origin = originOf(run);

  // The present of the machine is no part of a run that has ended.
  const present = isLive ? { lease, machine } : { lease: null, machine: null };
  useHeader({ feed, news, ...present, origin, zone: machine.timezone, now });

  return (
    <Page>
      <PageHeading
        trail={[{ href: "/runs", name: "Runs" }]}
        title={run.recipeName ?? "Run"}
        status={
          <>
            <RunStatusWord status={run.status} isStale={isLive && isBehind} label="Run status" />
            <OriginBadge origin={origin} />
          </>
        }
        aside={<ExportLinks runId={run.id} />}
        note={
          <>
            <bdi>{nameText(machine.name)}</bdi>, started {formatClock(run.startTime, zone, "date-time")}
          </>
        }
      />
      {isLive ? <FeedNotice feed={feed} news={news} zone={zone} isAboutMachine /> : null}
      <Ignored />
      {isLive ? (
        <StopPanel
          data={data}
          person={person}
          now={now}
          openedAt={initial.serverTime}
          isStale={isBehind || !isLeaseHeld(lease, news.knownAt)}
          isBehind={isBehind}
        />
      ) : null}
      <VerdictLine verdict={runVerdict(run, measuredMs)} />
      <MarkPanel run={run} person={person} zone={zone} first={firstMark} />
      <FindingsPanel run={run} first={firstReport} />
      <Card aria-label="Facts">
        <CardBody>
          <RunFacts
            run={run}
            machine={machine}
            zone={zone}
            operatorName={operatorName}
            measuredMs={measuredMs}
            recordedMs={recordedTime(run, isBehind ? news.knownAt : now)}
          />
        </CardBody>
      </Card>
      <Card aria-label="Record">
        <Tabs
          label="Views of this run"
          tabs={TABS}
          value={tab}
          onValueChange={(value) => void setView({ tab: viewParams.tab.parse(value) })}
        >
          <TabPanel value="timeline">
            <TimelinePanel
              live={data}
              feed={feed}
              clock={clock}
              now={now}
              drawnAt={initial.serverTime}
              first={firstTimeline}
            />
          </TabPanel>
          <TabPanel value="cycles">
            <Contained name="The cycles">
              <CyclesPanel run={run} />
            </Contained>
          </TabPanel>
          <TabPanel value="durations">
            <Contained name="The durations">
              <DurationsPanel run={run} />
            </Contained>
          </TabPanel>
          <TabPanel value="trends">
            <Contained name="The trends">
              <TrendsPanel live={data} />
            </Contained>
          </TabPanel>
          <TabPanel value="steps">
            <StepsPanel live={data} person={person} />
          </TabPanel>
          <TabPanel value="events">
            <Contained name="The events">
              <EventsPanel live={data} person={person} />
            </Contained>
          </TabPanel>
          <TabPanel value="notes">
            <Contained name="The notes">
              <NotesPanel live={data} person={person} />
            </Contained>
          </TabPanel>
        </Tabs>
      </Card>
      {/* The controls lie over the foot of the page on a phone. */}
      {isLive ? <div aria-hidden="true" className="h-24 sm:hidden" /> : null}
    </Page>
  );
}

function Ignored() {
  return <IgnoredNotice ignored={ignoredView(useSearchParams())} />;
}
