// Plays a recorded run: each step lasts as long as it did, each sample comes when it came, on the recording's own clock.
// Guarded by replay.stack.test.ts.

import { type DriverClock, pacedClock } from "#executor/drivers/clock.ts";
import type { Driver, DriverListener, StartedStep, StepResult } from "#executor/drivers/driver.ts";
import { type DriverKind, speedOf } from "#executor/drivers/driver-kind.ts";
import type { RecordedStep } from "#executor/drivers/replay/recorded-steps.ts";
import type { Recording } from "#executor/drivers/replay/recording.ts";
import type { Action } from "#executor/engine/position.ts";
import { refusal } from "#lib/result.ts";
import { type EpochMs, later } from "#lib/time.ts";

const SAFE_PURGE_MS = 500;
const NEVER = new AbortController().signal;

type Replay = { recording: Recording; steps: readonly RecordedStep[]; onStep: (action: Action) => void };

/** The kind of driver that plays this recording; it refuses any run that is not of the recording's own recipe. */
export const replayKind = (replay: Replay): DriverKind => ({
  name: "replay",
  isSimulated: true,
  create: ({ program, runParameters, listener }) => {
    const first = replay.steps[0];
    if (first === undefined || program.totals.steps !== replay.steps.length) {
      const message = `the recording has ${replay.steps.length} steps, the recipe ${program.totals.steps}`;
      return refusal(422, "recipe_not_recorded", message, "Start the run with npm run replay.");
    }
    const clock = pacedClock(first.startedAt, speedOf(runParameters));
    return { ok: true, driver: new ReplayDriver(replay, clock, listener) };
  },
  // The log begins and ends with its run.
  atRest: null,
});

class ReplayDriver implements Driver {
  readonly #replay: Replay;
  readonly #clock: DriverClock;
  readonly #listener: DriverListener;
  #nextSample = 0;

  constructor(replay: Replay, clock: DriverClock, listener: DriverListener) {
    this.#replay = replay;
    this.#clock = clock;
    this.#listener = listener;
  }

  begin(action: Action, stop: AbortSignal): StartedStep {
    const step = this.#replay.steps[action.seq - 1];
    if (step === undefined || step.type !== action.step.type) {
      throw new Error(`step ${action.seq} was recorded as ${step?.type}, the recipe has ${action.step.type}`);
    }
    this.#replay.onStep(action);
    return { startedAt: step.startedAt, finished: this.#perform(step, stop) };
  }

  safeEnd() {
    const startedAt = this.#clock.now();
    const finished = this.#clock
      .sleepUntil(later(startedAt, SAFE_PURGE_MS), NEVER)
      .then((woke) => ({ measuredMs: woke - startedAt }));
    return { startedAt, plannedMs: SAFE_PURGE_MS, gas: "N2", finished };
  }

  dispose(): void {
    this.#nextSample = this.#replay.recording.samples.length;
  }

  worstLatenessMs(): number {
    return this.#clock.worstLatenessMs();
  }

  async #perform({ startedAt, measuredMs, pulse }: RecordedStep, stop: AbortSignal): Promise<StepResult> {
    const endsAt = later(startedAt, measuredMs);
    let now = this.#clock.now();
    while (now < endsAt && !stop.aborted) {
      now = await this.#clock.sleepUntil(this.#nextMoment(endsAt), stop);
      this.#tellSamples(now);
    }
    if (!stop.aborted) return { kind: "done", measuredMs, pulse };
    return { kind: "cut", measuredMs: Math.max(0.001, now - startedAt), pulse: null };
  }

  #nextMoment(endsAt: EpochMs): EpochMs {
    const sample = this.#replay.recording.samples[this.#nextSample];
    return sample !== undefined && sample.at < endsAt ? sample.at : endsAt;
  }

  #tellSamples(now: EpochMs): void {
    for (;;) {
      const sample = this.#replay.recording.samples[this.#nextSample];
      if (sample === undefined || sample.at > now) return;
      this.#nextSample += 1;
      this.#listener.onSample(sample);
    }
  }
}
