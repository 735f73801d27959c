import { isRunEnded, type Run, runStatusLabel } from "#lib/model/run.ts";
import type { DurationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { counted, formatCount } from "./count.ts";

export type RunVerdict = {
  tone: "live" | "ok" | "attention" | "alarm";
  /** One line: what the run did, how completely, how far off its plan. */
  text: string;
};

type Facts = Pick<Run, "status" | "totalSteps" | "lastSeq" | "deviationCount" | "plannedMs" | "errorMessage">;

/** The first thing an engineer reads of a run. `measuredMs`: by the controller's clock; null where it is not known. */
export function runVerdict(run: Facts, measuredMs: DurationMs | null): RunVerdict {
  const parts = [headline(run), completeness(run), ...deviations(run), ...durations(run, measuredMs)];
  return { tone: tone(run), text: `${parts.join(" · ")}.` };
}

function tone(run: Facts): RunVerdict["tone"] {
  if (!isRunEnded(run.status)) return "live";
  if (run.status === "failed") return "alarm";
  if (run.status === "aborted" || run.deviationCount > 0 || isIncomplete(run)) return "attention";
  return "ok";
}

const isIncomplete = (run: Facts): boolean => run.totalSteps !== null && run.lastSeq < run.totalSteps;

function headline(run: Facts): string {
  if (run.status === "failed" && run.errorMessage) return `Failed: ${run.errorMessage.replace(/\.$/, "")}`;
  return runStatusLabel(run.status);
}

function completeness(run: Facts): string {
  if (run.totalSteps === null) return `${counted(run.lastSeq, "step")} recorded`;
  if (!isIncomplete(run)) return `complete to step ${formatCount(run.lastSeq)}`;
  return `${formatCount(run.lastSeq)} of ${counted(run.totalSteps, "step")} recorded`;
}

/** Deviations are of durations: of a run that failed for another reason, "no deviations" would call back what was just said. */
function deviations({ deviationCount: count, status }: Facts): string[] {
  if (count > 0) return [counted(count, "deviation")];
  return status === "failed" ? [] : ["no deviations"];
}

function durations({ status, plannedMs }: Facts, measuredMs: DurationMs | null): string[] {
  if (measuredMs === null) return [];
  const planned = plannedMs === null ? "" : ` (planned ${formatDuration(plannedMs)})`;
  return [`measured ${formatDuration(measuredMs)}${isRunEnded(status) ? "" : " so far"}${planned}`];
}
