"use client";

import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { Contained } from "#app/contained.tsx";
import { StopPanel } from "#app/machines/[id]/stop-panel.tsx";
import { StepsPanel } from "#app/runs/[id]/steps-panel.tsx";
import { TimelinePanel } from "#app/runs/[id]/timeline-panel.tsx";
import { TABS, viewParams } from "#app/runs/[id]/view-params.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useHeader } from "#app/use-header.ts";
import { confirmedAge } from "#components/machine/known-now.ts";
import { RunFacts } from "#components/runs/run-facts.tsx";
import { VerdictLine } from "#components/runs/verdict-line.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Card, CardBody } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import { TabPanel, Tabs } from "#components/ui/tabs.tsx";
import type { Person } from "#lib/model/person.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { RunSnapshot } from "#lib/model/snapshot.ts";
import type { RunTimeline } from "#lib/model/timeline.ts";
import { useNow, useRunFeed } from "#lib/realtime/use-feed.ts";
import { formatClock } from "#lib/time-format.ts";
import { runVerdict } from "#lib/view/run-verdict.ts";
import { LEASE_PERIOD, staleness } from "#lib/view/staleness.ts";

const loading = () => <Skeleton className="h-96" />;
const DurationsPanel = dynamic(
  () => import("#app/runs/[id]/durations-panel.tsx").then((part) => part.DurationsPanel),
  { loading },
);
const TrendsPanel = dynamic(
  () => import("#app/runs/[id]/trends-panel.tsx").then((part) => part.TrendsPanel),
  { loading },
);

interface RunScreenProps {
  readonly initial: RunSnapshot;
  readonly firstTimeline: RunTimeline | null;
  readonly person: Person;
}

/** What this run really did, and where it left its plan. A live run opens in the same page and keeps growing. */
export function RunScreen({ initial, firstTimeline, person }: RunScreenProps) {
  const { data, feed, clock } = useRunFeed(useRuntimeConfig(), initial.run.id, initial);
  const now = useNow(clock, "second", initial.serverTime);
  const [{ tab }, setView] = useQueryStates(viewParams);
  const { run, machine, operatorName, lease } = data;
  const isLive = !isRunEnded(run.status);
  const isBehind = staleness(confirmedAge(feed, initial.serverTime, now), LEASE_PERIOD).level !== "fresh";
  const isLost = isLive && (feed.state === "offline" || feed.state === "degraded");

  useHeader({ feed, lease, machine, isSimulated: run.isSimulated, now });

  return (
    <Page>
      <PageHeading
        trail={[{ href: "/runs", name: "Runs" }]}
        title={run.recipeName ?? "Run"}
        status={<RunStatusWord status={run.status} isStale={feed.state === "offline"} label="Run status" />}
        note={`${machine.name}, started ${formatClock(run.startTime, machine.timezone, "date-time")}`}
      />
      {isLost ? (
        <Notice kind="stale">
          {feed.reason ?? "Changes do not arrive by themselves."} What is below may be older than it looks.
        </Notice>
      ) : null}
      {isLive ? (
        <StopPanel
          data={data}
          person={person}
          now={now}
          openedAt={initial.serverTime}
          isStale={isBehind}
          isBehind={isBehind}
        />
      ) : null}
      <VerdictLine verdict={runVerdict(run, now)} />
      <Card aria-label="Facts">
        <CardBody>
          <RunFacts run={run} machine={machine} operatorName={operatorName} now={now} />
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
              drawnAt={initial.serverTime}
              first={firstTimeline}
            />
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
            <StepsPanel live={data} />
          </TabPanel>
        </Tabs>
      </Card>
      {/* The controls lie over the foot of the page on a phone. */}
      {isLive ? <div aria-hidden="true" className="h-24 sm:hidden" /> : null}
    </Page>
  );
}
