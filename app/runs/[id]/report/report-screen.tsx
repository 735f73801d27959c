"use client";

import { Printer } from "lucide-react";
import { useMemo } from "react";
import { useFleetPage } from "#app/use-fleet-page.ts";
import { useZone } from "#app/zone.tsx";
import { durationLines } from "#components/charts/duration-line.ts";
import { FindingsTable } from "#components/report/findings-table.tsx";
import { NotesOnPaper } from "#components/report/notes-on-paper.tsx";
import { RunPicture } from "#components/report/run-picture.tsx";
import { StepsSummary } from "#components/report/steps-summary.tsx";
import { RunFacts } from "#components/runs/run-facts.tsx";
import { VerdictLine } from "#components/runs/verdict-line.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { ProgramOutline } from "#components/start/program-outline.tsx";
import { groupLanes } from "#components/timeline/lanes.ts";
import { OriginBadge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { RunStatusWord } from "#components/ui/status-word.tsx";
import type { Note } from "#lib/model/note.ts";
import { originOf } from "#lib/model/origin.ts";
import type { RunReport } from "#lib/model/report.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { FleetSnapshot, RunSnapshot } from "#lib/model/snapshot.ts";
import type { DurationSeries, RunTimeline } from "#lib/model/timeline.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { nameText } from "#lib/view/name-text.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";
import { measuredTime, recordedTime } from "#lib/view/run-times.ts";
import { runVerdict } from "#lib/view/run-verdict.ts";

interface ReportScreenProps {
  readonly snapshot: RunSnapshot;
  readonly report: RunReport;
  readonly timeline: RunTimeline;
  readonly durations: readonly DurationSeries[];
  readonly notes: readonly Note[];
  readonly fleet: FleetSnapshot;
  readonly readBy: string;
}

const NO_CHANGES: ProgramDiff["steps"] = [];

/** One run for paper: what it was, what became of it, what was wrong, how long its steps took, what people wrote. */
export function ReportScreen(props: ReportScreenProps) {
  const { snapshot, report, timeline, durations, notes, fleet, readBy } = props;
  useFleetPage(fleet);
  const { run, machine, operatorName, serverTime, totals } = snapshot;
  const zone = useZone(machine.timezone);
  const measuredMs = measuredTime(snapshot, serverTime);
  const lanes = useMemo(() => groupLanes(timeline.spans), [timeline]);
  const readAt = formatClockWithZone(serverTime, zone, "date-time");
  return (
    <Page>
      <PageHeading
        trail={[
          { href: "/runs", name: "Runs" },
          { href: `/runs/${run.id}`, name: "Run" },
        ]}
        title={run.recipeName ?? "Run"}
        status={
          <>
            <RunStatusWord status={run.status} />
            <OriginBadge origin={originOf(run)} />
          </>
        }
        aside={
          <span className="print:hidden">
            <Button size="sm" onClick={() => window.print()}>
              <Printer className="size-3.5" aria-hidden="true" />
              Print
            </Button>
          </span>
        }
        note={
          <>
            <bdi>{nameText(machine.name)}</bdi> · as it was recorded at {readAt}
            {isRunEnded(run.status) ? "" : "; the run goes on"}
          </>
        }
      />
      <VerdictLine verdict={runVerdict(run, measuredMs)} />
      <Card aria-label="Facts">
        <CardBody>
          <RunFacts
            run={run}
            machine={machine}
            zone={zone}
            operatorName={operatorName}
            measuredMs={measuredMs}
            recordedMs={recordedTime(run, serverTime)}
          />
        </CardBody>
      </Card>
      <Card aria-label="Timeline" className="break-inside-avoid">
        <CardHeader
          title="The whole run"
          note="by the controller's clock; a mark above a step is a deviation"
        />
        <RunPicture
          label={`The steps of ${nameText(run.recipeName ?? "the run")} by valve and kind`}
          loops={timeline.loops}
          lanes={lanes}
          durationMs={Math.max(1, timeline.durationMs)}
        />
      </Card>
      <Card aria-label="Findings">
        <CardHeader title="Findings" />
        <FindingsTable report={report} />
      </Card>
      <Card aria-label="Durations">
        <CardHeader title="How long its steps took" note="measured, by the controller's clock" />
        <StepsSummary lines={durationLines(durations)} />
      </Card>
      {run.program === null ? null : (
        <Card aria-label="Recipe">
          <CardHeader
            title="What was to be played"
            note={`version ${run.recipeRevision ?? "–"}, frozen at the start`}
          />
          <ProgramOutline program={run.program} changes={NO_CHANGES} />
        </Card>
      )}
      <Card aria-label="Notes">
        <CardHeader title="Notes" />
        <NotesOnPaper notes={notes} begin={totals.firstDeviceStartedAt} zone={zone} />
      </Card>
      <p className="text-xs text-ink-faint">
        Run {run.id} · read {readAt} by <bdi>{readBy}</bdi>
      </p>
    </Page>
  );
}
