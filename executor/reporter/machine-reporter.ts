// Carries one machine's reports to the database: a queue on disk for steps, commands and ends, in order, and one for
// samples. Adding to them never waits. While the database is away both grow; when it is back they are delivered.
// Guarded by machine-reporter.test.ts.

import { join } from "node:path";
import {
  type ControllerClient,
  isPassing,
  type Outcome,
  type SampleReport,
} from "#executor/reporter/controller-client.ts";
import { Outbox } from "#executor/reporter/outbox.ts";
import { condensed, type Report, type SampleEntry } from "#executor/reporter/reports.ts";
import { backoffMs, pause } from "#executor/reporter/retry.ts";
import type { StepReport } from "#executor/step-report.ts";
import type { Refusal, Result } from "#lib/result.ts";

const SAMPLES_EVERY_MS = 500;
const MOST_SAMPLES_PER_CALL = 200;

export type ReporterEvents = {
  /** The fence is void. Answers whether there is a new one to go on with; if not, another controller has the machine. */
  fenceLost: (stale: number) => Promise<boolean>;
  /** The database will not take this run's reports, and never will. */
  runRefused: (runId: string, refusal: Refusal) => void;
};

export class MachineReporter {
  readonly #client: ControllerClient;
  readonly #reports: Outbox<Report>;
  readonly #samples: Outbox<SampleEntry>;
  readonly #log: (line: string) => void;

  private constructor(
    client: ControllerClient,
    reports: Outbox<Report>,
    samples: Outbox<SampleEntry>,
    log: (line: string) => void,
  ) {
    this.#client = client;
    this.#reports = reports;
    this.#samples = samples;
    this.#log = log;
  }

  static async open(
    client: ControllerClient,
    folder: string,
    log: (line: string) => void,
  ): Promise<MachineReporter> {
    const reports = await Outbox.open<Report>(join(folder, "reports.jsonl"), log);
    const samples = await Outbox.open<SampleEntry>(join(folder, "samples.jsonl"), log);
    return new MachineReporter(client, reports, samples, log);
  }

  steps(runId: string, steps: StepReport[]): void {
    this.#reports.append({ kind: "steps", runId, steps });
  }

  command(commandId: string, status: "accepted" | "executing"): void {
    this.#reports.append({ kind: "command", commandId, status });
  }

  end(runId: string, outcome: Outcome, message: string | null, lastSteps: StepReport[]): void {
    this.#reports.append({ kind: "end", runId, outcome, message, lastSteps });
  }

  sample(runId: string, sample: SampleReport): void {
    this.#samples.append({ runId, sample });
  }

  isDelivered(): boolean {
    return this.#reports.isEmpty() && this.#samples.isEmpty();
  }

  /** Delivers under the fence of the moment until the signal aborts or the machine is lost to another controller. */
  async deliver(fence: () => number, events: ReporterEvents, signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#deliverReports(fence, events, signal),
      this.#deliverSamples(fence, events, signal),
    ]);
  }

  async close(): Promise<void> {
    await this.#reports.close();
    await this.#samples.close();
  }

  async #deliverReports(fence: () => number, events: ReporterEvents, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.#reports.waitForEntries(until);
      const { entries, end } = await this.#reports.read();
      for (const report of condensed(entries)) await this.#deliverOne(report, fence, events, until);
      if (!until.aborted && entries.length > 0) this.#reports.acknowledge(end);
    }
  }

  async #deliverOne(
    report: Report,
    fence: () => number,
    events: ReporterEvents,
    until: AbortSignal,
  ): Promise<void> {
    const answer = await this.#insist((current) => this.#send(report, current), fence, events, until);
    if (answer === null || answer.ok || answer.code === "command_settled") return;
    this.#log(`a report was refused and dropped: ${answer.message}`);
    // The database lacks steps it once had (it was put back to an earlier moment): the run ends there, and says why.
    if (report.kind === "end" && answer.code === "step_gap") {
      const message = report.message ?? answer.message;
      const cut: Report = { ...report, outcome: "interrupted", message, lastSteps: [] };
      return this.#deliverOne(cut, fence, events, until);
    }
    if (report.kind !== "command") events.runRefused(report.runId, answer);
  }

  #send(report: Report, fence: number): Promise<Result> {
    switch (report.kind) {
      case "steps":
        return this.#client.recordSteps(report.runId, fence, report.steps);
      case "end":
        return this.#client.endProcess(report.runId, fence, report.outcome, report.message, report.lastSteps);
      case "command":
        return report.status === "accepted"
          ? this.#client.accept(report.commandId, fence)
          : this.#client.advance(report.commandId, fence, "executing", null);
    }
  }

  async #deliverSamples(fence: () => number, events: ReporterEvents, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.#samples.waitForEntries(until);
      await pause(SAMPLES_EVERY_MS, until);
      const { entries, end } = await this.#samples.read();
      for (const { runId, samples } of sampleCalls(entries)) {
        const answer = await this.#insist(
          (current) => this.#client.recordSamples(runId, current, samples),
          fence,
          events,
          until,
        );
        if (answer !== null && !answer.ok)
          this.#log(`${samples.length} samples were refused and dropped: ${answer.message}`);
      }
      if (!until.aborted && entries.length > 0) this.#samples.acknowledge(end);
    }
  }

  /** Sends until there is an answer that counts; null when the delivery ended before there was one. */
  async #insist(
    send: (fence: number) => Promise<Result>,
    fence: () => number,
    events: ReporterEvents,
    until: AbortSignal,
  ): Promise<Result | null> {
    for (let attempt = 1; !until.aborted; ) {
      const used = fence();
      const answer = await send(used);
      if (answer.ok) return answer;
      if (answer.code === "fence_stale") {
        if (await events.fenceLost(used)) continue;
        return null;
      }
      if (!isPassing(answer.status, answer.code)) return answer;
      if (attempt === 1)
        this.#log(
          `the database does not answer (${answer.message} ${answer.hint ?? ""}); reports are kept and sent later`,
        );
      await pause(backoffMs(attempt), until);
      attempt += 1;
    }
    return null;
  }
}

/** One call per run, of bounded size, in order. */
function sampleCalls(entries: readonly SampleEntry[]): { runId: string; samples: SampleReport[] }[] {
  const calls: { runId: string; samples: SampleReport[] }[] = [];
  for (const { runId, sample } of entries) {
    const last = calls.at(-1);
    if (last?.runId === runId && last.samples.length < MOST_SAMPLES_PER_CALL) last.samples.push(sample);
    else calls.push({ runId, samples: [sample] });
  }
  return calls;
}
