import { isRunEnded, type Run, type RunState, type TelemetrySample } from "#lib/model/run.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { newerRun, newerRunState } from "./newer.ts";
import { type SeqRange, StepRing } from "./step-ring.ts";

/** At one sweep a second, ten minutes. */
const SAMPLES_KEPT = 600;

/** One run kept up to date from readings in any order. */
export class RunFold {
  readonly runId: string;
  readonly #ring: StepRing;
  #run: Run;
  #state: RunState | null = null;
  #telemetry: readonly TelemetrySample[] = [];

  constructor(run: Run, capacity: number) {
    this.runId = run.id;
    this.#run = run;
    this.#ring = new StepRing(capacity);
  }

  get run(): Run {
    return this.#run;
  }
  get state(): RunState | null {
    return this.#state;
  }
  get steps(): readonly StepExecution[] {
    return this.#ring.list();
  }
  get telemetry(): readonly TelemetrySample[] {
    return this.#telemetry;
  }

  putRun(run: Run): void {
    if (run.id === this.runId) this.#run = newerRun(this.#run, run);
  }

  putState(state: RunState | null): void {
    if (state?.runId !== this.runId) return;
    this.#state = this.#state === null ? state : newerRunState(this.#state, state);
    this.#putSample(this.#state.telemetry);
  }

  putStep(step: StepExecution): void {
    if (step.runId === this.runId) this.#ring.put(step);
  }

  /** The newest steps of a consistent read. */
  putRecentSteps(steps: readonly StepExecution[]): void {
    this.#ring.putRecent(steps.filter((step) => step.runId === this.runId));
  }

  gap(): SeqRange | null {
    return this.#ring.gap(this.#run.lastSeq, isRunEnded(this.#run.status));
  }

  #putSample(sample: TelemetrySample | null): void {
    const last = this.#telemetry.at(-1);
    if (sample === null || (last && sample.at <= last.at)) return;
    this.#telemetry = [...this.#telemetry.slice(1 - SAMPLES_KEPT), sample];
  }
}
