// Plays a prepared program on a driver, telling a journal about every step. The journal is told, never awaited: the
// driver's clock alone decides when the next step begins. Guarded by play.test.ts.

import type { Driver, StepResult } from "#executor/drivers/driver.ts";
import type { Block } from "#executor/engine/plan.ts";
import { type Action, actionAt, firstPosition, next, type Position } from "#executor/engine/position.ts";
import { endedReport, type StepReport, safeEndReport, startedReport } from "#executor/step-report.ts";

/** How a run is asked to end early: at once, or when the cycle under way is complete. */
export type StopSignals = { now: AbortSignal; endOfCycle: AbortSignal };

export type Journal = (steps: StepReport[]) => void;

export type PlayResult = {
  outcome: "completed" | "aborted" | "failed";
  /** Why it failed, as a sentence; null otherwise. */
  failure: string | null;
  /** Final reports of steps already announced, for `end_process`. */
  lastSteps: StepReport[];
};

export async function play(setup: {
  plan: Block;
  driver: Driver;
  stop: StopSignals;
  journal: Journal;
}): Promise<PlayResult> {
  const player = new Player(setup.driver, setup.journal, setup.stop);
  try {
    return await player.play(setup.plan);
  } finally {
    player.release();
    setup.driver.dispose();
  }
}

class Player {
  readonly #driver: Driver;
  readonly #journal: Journal;
  readonly #stop: StopSignals;
  readonly #cut = new AbortController();
  #current: Action | null = null;
  /** The step that just ended; its measured time travels with the start of the one after it. */
  #ended: StepReport[] = [];
  #seq = 0;

  constructor(driver: Driver, journal: Journal, stop: StopSignals) {
    this.#driver = driver;
    this.#journal = journal;
    this.#stop = stop;
    stop.now.addEventListener("abort", this.#onNow);
    stop.endOfCycle.addEventListener("abort", this.#onEndOfCycle);
  }

  release(): void {
    this.#stop.now.removeEventListener("abort", this.#onNow);
    this.#stop.endOfCycle.removeEventListener("abort", this.#onEndOfCycle);
  }

  async play(plan: Block): Promise<PlayResult> {
    if (this.#stop.now.aborted) this.#cut.abort();
    for (let at: Position | null = firstPosition(plan); at !== null; at = next(at)) {
      const action = actionAt(at);
      if (this.#endsBefore(action)) return this.#endSafely("aborted", null);
      const result = await this.#perform(action);
      if (result.kind === "fault") return this.#endSafely("failed", result.message);
      if (result.kind === "cut") return this.#endSafely("aborted", null);
    }
    return { outcome: "completed", failure: null, lastSteps: this.#ended };
  }

  async #perform(action: Action): Promise<StepResult> {
    this.#current = action;
    this.#seq = action.seq;
    const step = this.#driver.begin(action, this.#cut.signal);
    const report = startedReport(action, step.startedAt);
    this.#journal([...this.#ended, report]);
    const result = await step.finished;
    this.#ended = [endedReport(report, result)];
    return result;
  }

  async #endSafely(outcome: "aborted" | "failed", failure: string | null): Promise<PlayResult> {
    const { startedAt, plannedMs, gas, finished } = this.#driver.safeEnd();
    if (this.#seq === 0) {
      await finished;
      return { outcome, failure, lastSteps: [] };
    }
    const report = safeEndReport(this.#seq + 1, startedAt, plannedMs, gas);
    this.#journal([...this.#ended, report]);
    const { measuredMs } = await finished;
    return { outcome, failure, lastSteps: [endedReport(report, { kind: "done", measuredMs, pulse: null })] };
  }

  /** A stop that waits for the end of the cycle bites before the first step that is not in the cycle under way. */
  #endsBefore(action: Action): boolean {
    if (this.#cut.signal.aborted) return true;
    if (!this.#stop.endOfCycle.aborted) return false;
    return action.cycle === null || action.cycle !== (this.#current?.cycle ?? null);
  }

  readonly #onNow = (): void => this.#cut.abort();

  /** Outside of cycles there is none to complete: the step is cut, but a pulse is left to end. */
  readonly #onEndOfCycle = (): void => {
    if (this.#current !== null && this.#current.cycle === null && this.#current.step.type !== "valve") {
      this.#cut.abort();
    }
  };
}
