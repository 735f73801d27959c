import type { Outcome, SampleReport } from "#executor/reporter/controller-client.ts";
import type { StepReport } from "#executor/step-report.ts";

/** What the controller tells of a run and of the commands it follows, in the order it happened. */
export type Report =
  | { kind: "steps"; runId: string; steps: StepReport[] }
  | { kind: "command"; commandId: string; status: "accepted" | "executing" }
  | { kind: "end"; runId: string; outcome: Outcome; message: string | null; lastSteps: StepReport[] };

export type SampleEntry = { runId: string; sample: SampleReport };

export type StepsReport = Report & { kind: "steps" };

/** At most this many steps in one call: a call stays short, and a stop is not stuck behind a long one. */
const MOST_STEPS_PER_CALL = 500;

/**
 * Joins neighbouring step reports of one run into one, and the two reports of one step (started, ended) into the
 * second, so that a backlog needs few calls. The order of everything else stays.
 */
export function condensed(reports: readonly Report[]): Report[] {
  const joined: Report[] = [];
  for (const report of reports) {
    const last = joined.at(-1);
    if (
      report.kind === "steps" &&
      last?.kind === "steps" &&
      last.runId === report.runId &&
      hasRoom(last, report)
    ) {
      joined.splice(-1, 1, { ...last, steps: merged(last.steps, report.steps) });
    } else joined.push(report);
  }
  return joined;
}

const hasRoom = (left: StepsReport, right: StepsReport): boolean =>
  left.steps.length + right.steps.length <= MOST_STEPS_PER_CALL;

function merged(left: readonly StepReport[], right: readonly StepReport[]): StepReport[] {
  const bySeq = new Map(left.map((step) => [step.seq, step]));
  for (const step of right) bySeq.set(step.seq, { ...bySeq.get(step.seq), ...step });
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
