// For tests: a run of any length, played by the simulated machine on a clock that is moved by hand, and handed in as its
// controller hands it in. What a thousand cycles leave in the record is there in seconds.

import { manualClock } from "#executor/drivers/clock.ts";
import type { Sample } from "#executor/drivers/driver.ts";
import { simulatedDriver } from "#executor/drivers/simulated/driver.ts";
import { simulationSettings } from "#executor/drivers/simulated/settings.ts";
import { planOf } from "#executor/engine/plan.ts";
import { play } from "#executor/play.ts";
import { ControllerClient } from "#executor/reporter/controller-client.ts";
import { isoMicros, type StepReport } from "#executor/step-report.ts";
import type { TestBed } from "#executor/test-bed.ts";
import { type ProgramStep, parseProgram } from "#lib/model/program.ts";
import type { Refusal } from "#lib/result.ts";
import { epochMs } from "#lib/time.ts";

/** As many as an outbox sends at once. */
const STEPS_A_CALL = 100;
const SAMPLES_A_CALL = 500;
/** Readings thin out with the speed: a run of hours leaves a few thousand. */
const SPEED = 100;
const NEVER = new AbortController().signal;

/** Plays `steps` with these faults from a fixed seed, records all of it, and answers with the run's id. */
export async function recordSimulatedRun(
  bed: TestBed,
  steps: readonly ProgramStep[],
  faults: readonly object[],
): Promise<string> {
  const client = new ControllerClient(bed.place);
  try {
    const { fence_token: fence } = done(
      await client.claim(bed.machine.id, "simulated record", "simulated", true),
    );
    const runId = await bed.start(steps, { speed: SPEED });
    const { commands } = done(await client.renew(bed.machine.id, fence));
    const { run } = done(await client.accept(commands[0]?.id ?? "", fence));
    const { reports, samples, result } = await playThrough(run?.recipe_version, faults);
    for (const some of batches(reports, STEPS_A_CALL)) {
      done(await client.recordSteps(runId, fence, some));
      done(await client.renew(bed.machine.id, fence));
    }
    const idOf = await parameterIds(client, bed.machine.id);
    for (const some of batches(samples, SAMPLES_A_CALL)) {
      done(
        await client.recordSamples(
          runId,
          fence,
          some.map((sample) => sampleReport(sample, idOf)),
        ),
      );
      done(await client.renew(bed.machine.id, fence));
    }
    done(await client.endProcess(runId, fence, result.outcome, result.failure, result.lastSteps));
    return runId;
  } finally {
    await client.close();
  }
}

async function playThrough(frozen: unknown, faults: readonly object[]) {
  const { program } = done(parseProgram(frozen));
  const { settings } = done(simulationSettings({ faults }, {}));
  const clock = manualClock(epochMs(Date.now()));
  const reports: StepReport[] = [];
  const samples: Sample[] = [];
  const listener = { onSample: (sample: Sample) => void samples.push(sample), onLink: () => undefined };
  const driver = simulatedDriver({ program, settings, seed: 7, clock, listener, speed: SPEED });
  const stop = { now: NEVER, endOfCycle: NEVER };
  let isOver = false;
  const playing = play({
    plan: planOf(program),
    driver,
    stop,
    journal: (some) => void reports.push(...some),
  });
  void playing.finally(() => {
    isOver = true;
  });
  while (!isOver) await clock.advance(60_000);
  return { reports: inOneCall(reports), samples, result: await playing };
}

/** A step is reported when it starts and again when it ended; handed in afterwards, once is enough. */
function inOneCall(reports: readonly StepReport[]): StepReport[] {
  return [...new Map(reports.map((report) => [report.seq, report])).values()];
}

async function parameterIds(client: ControllerClient, machineId: string): Promise<Map<string, string>> {
  const { parameters } = done(await client.parameters(machineId));
  return new Map(parameters.map(({ name, parameter_id }) => [name, parameter_id]));
}

function sampleReport({ at, values }: Sample, idOf: ReadonlyMap<string, string>) {
  const known = Object.entries(values).flatMap(([name, value]) => {
    const id = idOf.get(name);
    return id === undefined ? [] : [[id, value] as const];
  });
  return { timestamp: isoMicros(at), values: Object.fromEntries(known) };
}

function batches<One>(all: readonly One[], size: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

function done<Answer extends { ok: true }>(answer: Answer | Refusal): Answer {
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
}
