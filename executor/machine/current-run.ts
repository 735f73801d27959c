import { z } from "zod";
import type { Driver, Sample } from "#executor/drivers/driver.ts";
import type { DriverKind } from "#executor/drivers/driver-kind.ts";
import { planOf } from "#executor/engine/plan.ts";
import { type PlayResult, play } from "#executor/play.ts";
import type { MachineRow, RunRow } from "#executor/reporter/controller-client.ts";
import type { MachineReporter } from "#executor/reporter/machine-reporter.ts";
import { isoMicros } from "#executor/step-report.ts";
import { parseProgram } from "#lib/model/program.ts";
import { type Result, refusal } from "#lib/result.ts";

export type RunContext = {
  machine: MachineRow;
  kind: DriverKind;
  reporter: MachineReporter;
  parameterIds: ReadonlyMap<string, string>;
  setLink: (isUp: boolean) => void;
  log: (line: string) => void;
};

const parametersSchema = z.record(z.string(), z.unknown());

/** How a run ended, and by how many real milliseconds this host was late, at worst, in following the machine. */
export type RunEnd = { outcome: PlayResult["outcome"]; worstLatenessMs: number };

/** The run being played. What it tells goes to the reporter, until it is silenced. */
export class CurrentRun {
  readonly runId: string;
  /** Settles when the machine is idle again and the end has been reported; never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #reporter: MachineReporter;
  readonly #now = new AbortController();
  readonly #endOfCycle = new AbortController();
  #isSilent = false;
  #overriding: { outcome: "aborted" | "failed"; message: string } | null = null;

  private constructor(
    runId: string,
    reporter: MachineReporter,
    driver: Driver,
    start: (run: CurrentRun) => Promise<PlayResult>,
  ) {
    this.runId = runId;
    this.#reporter = reporter;
    this.ended = this.#finish(start(this)).then((outcome) => ({
      outcome,
      worstLatenessMs: driver.worstLatenessMs(),
    }));
  }

  /** Begins to play the run, or says why it cannot be played. */
  static start(row: RunRow, context: RunContext): Result<{ run: CurrentRun }> {
    const parsed = parseProgram(row.recipe_version);
    if (!parsed.ok) return parsed;
    const parameters = parametersSchema.safeParse(row.parameters);
    if (!parameters.success) return refusal(422, "parameters_unreadable", "its parameters are no object.");
    let current: CurrentRun | null = null;
    const made = context.kind.create({
      runId: row.id,
      program: parsed.program,
      runParameters: parameters.data,
      virtualConfig: context.machine.virtual_config,
      listener: {
        onSample: (sample) => current?.sample(sample, context.parameterIds),
        onLink: context.setLink,
      },
    });
    if (!made.ok) return made;
    const run = new CurrentRun(row.id, context.reporter, made.driver, (self) => {
      current = self;
      const stop = { now: self.#now.signal, endOfCycle: self.#endOfCycle.signal };
      const journal = (steps: Parameters<MachineReporter["steps"]>[1]) => {
        if (!self.#isSilent) context.reporter.steps(row.id, steps);
      };
      return play({ plan: planOf(parsed.program), driver: made.driver, stop, journal });
    });
    return { ok: true, run };
  }

  /** A person's stop: at once, or when the cycle under way is complete. */
  stop(mode: "now" | "end_of_cycle"): void {
    (mode === "now" ? this.#now : this.#endOfCycle).abort();
  }

  /** Ends the run for a reason of the controller's own; the first reason given stays. */
  end(outcome: "aborted" | "failed", message: string): void {
    this.#overriding ??= { outcome, message };
    this.#now.abort();
  }

  /** Ends the run and reports no more of it: it is no longer this controller's, or has ended in the database. */
  abandon(): void {
    this.#isSilent = true;
    this.#now.abort();
  }

  sample({ at, values }: Sample, ids: ReadonlyMap<string, string>): void {
    const known = Object.entries(values).flatMap(([name, value]): [string, number][] => {
      const id = ids.get(name);
      return id === undefined ? [] : [[id, value]];
    });
    if (this.#isSilent || known.length === 0) return;
    this.#reporter.sample(this.runId, { timestamp: isoMicros(at), values: Object.fromEntries(known) });
  }

  async #finish(playing: Promise<PlayResult>): Promise<PlayResult["outcome"]> {
    const result = await playing.catch(
      (fault: Error): PlayResult => ({
        outcome: "failed",
        failure: `The controller failed: ${fault.message}`,
        lastSteps: [],
      }),
    );
    const outcome = result.outcome === "aborted" ? (this.#overriding?.outcome ?? "aborted") : result.outcome;
    const message =
      result.failure ?? (result.outcome === "aborted" ? (this.#overriding?.message ?? null) : null);
    if (!this.#isSilent) this.#reporter.end(this.runId, outcome, message, result.lastSteps);
    return outcome;
  }
}
