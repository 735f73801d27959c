import { type MachineStatus, machineStatusLabel } from "#lib/model/machine.ts";
import { isRunEnded, type Run, runStatusLabel } from "#lib/model/run.ts";
import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { counted } from "./count.ts";

/** What a page showed of a machine at some moment, by the server's clock. */
export type Shown = {
  at: EpochMs;
  status: MachineStatus;
  run: Pick<Run, "id" | "status" | "lastSeq" | "deviationCount"> | null;
};

/** From the moment what a page showed was the past: what it was, and once it knows the present again, what it missed. */
export type Absence = { before: Shown; text: string | null };

/**
 * What is to be told after a page, that shows this, is or is not behind; the same object while nothing is new.
 * Away again before the last absence was read is one stretch of time, and one sentence.
 */
export function absenceAfter(absence: Absence | null, shown: Shown, isBehind: boolean): Absence | null {
  if (isBehind) return absence?.text === null ? absence : { before: absence?.before ?? shown, text: null };
  return absence?.text === null ? { ...absence, text: missedText(absence.before, shown) } : absence;
}

/** What a page that is live again had not seen: "While this page was not live (42 s): 14 steps, 1 deviation." */
export function missedText(before: Shown, after: Shown): string {
  const away = formatDuration(durationMs(Math.max(0, elapsed(before.at, after.at))));
  const news = [...runNews(before.run, after.run), ...machineNews(before.status, after.status)];
  return `While this page was not live (${away}): ${news.length === 0 ? "nothing happened" : news.join(", ")}.`;
}

function runNews(before: Shown["run"], after: Shown["run"]): string[] {
  if (after === null) return [];
  if (before?.id !== after.id) {
    const ended = isRunEnded(after.status) ? `, ${runStatusLabel(after.status).toLowerCase()} by now` : "";
    return [`another run began${ended}`];
  }
  const steps = after.lastSeq - before.lastSeq;
  const deviations = after.deviationCount - before.deviationCount;
  return [
    ...(steps > 0 ? [counted(steps, "step")] : []),
    ...(deviations > 0 ? [counted(deviations, "deviation")] : []),
    ...(before.status !== after.status && isRunEnded(after.status)
      ? [`the run ended: ${runStatusLabel(after.status).toLowerCase()}`]
      : []),
  ];
}

const machineNews = (before: MachineStatus, after: MachineStatus): string[] =>
  before === after ? [] : [`the machine went from ${word(before)} to ${word(after)}`];

const word = (status: MachineStatus): string => machineStatusLabel(status).toLowerCase();
