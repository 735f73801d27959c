"use client";

import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { type Ignored, ignoredParams } from "#app/address/ignored.ts";
import { IgnoredNotice } from "#app/address/ignored-notice.tsx";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useHeader } from "#app/use-header.ts";
import { ChosenPanel } from "#app/workflow/chosen-panel.tsx";
import { WORKFLOW_PARAMS_WANTED, workflowParams } from "#app/workflow/search-params.ts";
import { useRefusedSteps } from "#app/workflow/use-refused-steps.tsx";
import { useZone } from "#app/zone.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { StatusFilter } from "#components/workflow/status-filter.tsx";
import { WorkflowTree } from "#components/workflow/workflow-tree.tsx";
import type { Person } from "#lib/model/person.ts";
import { type WorkflowSnapshot, whyNoWorkflow, workStatusLabel } from "#lib/model/workflow.ts";
import { useNow, useWorkflowFeed } from "#lib/realtime/use-feed.ts";
import { counted } from "#lib/view/count.ts";
import { pageNews } from "#lib/view/page-news.ts";
import { stepKey, subtaskKey, tallyOf, workflowRows } from "#lib/view/workflow-rows.ts";

interface WorkflowScreenProps {
  readonly initial: WorkflowSnapshot;
  readonly person: Person;
}

/** The work plan as a tree, and what was chosen in it. Drawn by the server first, kept true by the feed. */
export function WorkflowScreen({ initial, person }: WorkflowScreenProps) {
  const { data: plan, feed, clock } = useWorkflowFeed(useRuntimeConfig(), initial);
  const now = useNow(clock, initial.serverTime);
  const [{ status, at }, setParams] = useQueryStates(workflowParams);
  const zone = useZone(null);
  const [closed, toggle] = useClosed();
  const rows = useMemo(() => workflowRows(plan, { status, closed }), [plan, status, closed]);
  const tally = useMemo(() => tallyOf(plan.steps), [plan.steps]);
  const refused = useRefusedSteps();
  const ignored = useIgnored(plan, at);
  const news = pageNews(feed, [], now);

  useHeader({ feed, news, lease: null, machine: null, origin: "hardware", zone: null, now });

  const choose = (key: string | null) => setParams({ at: key });
  /** A project has nothing to show but what is under it. */
  const press = (key: string) => (key.startsWith("project-") ? toggle(key) : choose(key));

  return (
    <Page>
      <PageHeading
        title="Workflow"
        note={`${counted(plan.projects.length, "project")}, ${counted(plan.subtasks.length, "subtask")}, ${counted(plan.steps.length, "step")}`}
      />
      <FeedNotice feed={feed} news={news} zone={zone} />
      <IgnoredNotice ignored={ignored} />
      <StatusFilter value={status} tally={tally} onChange={(next) => setParams({ status: next })} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem] xl:grid-cols-[minmax(0,1fr)_28rem]">
        <Card aria-label="Work plan" className="overflow-hidden">
          {rows.length > 0 ? (
            <WorkflowTree rows={rows} selected={at} onChoose={press} onToggle={toggle} />
          ) : (
            <EmptyState
              title={status ? `No step is ${workStatusLabel(status).toLowerCase()}` : "No projects"}
            >
              {status ? "Choose another status, or all." : "Projects appear here as they are added."}
            </EmptyState>
          )}
        </Card>
        <ChosenPanel
          plan={plan}
          at={at}
          whyNot={whyNoWorkflow(person)}
          refusals={refused.banners}
          onChoose={choose}
          onRefused={refused.add}
        />
        {/* The chosen step lies over the foot of the page on a phone. */}
        {at ? <div aria-hidden="true" className="h-[60dvh] lg:hidden" /> : null}
      </div>
    </Page>
  );
}

/** What the address asks for that cannot be read, or that the plan does not hold. */
function useIgnored(plan: WorkflowSnapshot, at: string | null): readonly Ignored[] {
  const malformed = ignoredParams(workflowParams, WORKFLOW_PARAMS_WANTED, useSearchParams());
  const isThere =
    at === null ||
    plan.steps.some(({ id }) => stepKey(id) === at) ||
    plan.subtasks.some(({ id }) => subtaskKey(id) === at);
  return isThere ? malformed : [...malformed, { name: "at", why: `${at} is not in the plan` }];
}

/** The rows a person has closed; everything else is open. */
function useClosed(): [ReadonlySet<string>, (key: string) => void] {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (key: string) =>
      setClosed(
        (known) => new Set(known.has(key) ? [...known].filter((each) => each !== key) : [...known, key]),
      ),
    [],
  );
  return [closed, toggle];
}
