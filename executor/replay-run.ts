// Plays a recorded run into the database as if it happened now: the same controller, reports and commands as any run.

import { join } from "node:path";
import type { ExecutorConnection } from "#executor/connection.ts";
import { replayKind } from "#executor/drivers/replay/driver.ts";
import { recordedRecipe } from "#executor/drivers/replay/recorded-recipe.ts";
import { recordedSteps } from "#executor/drivers/replay/recorded-steps.ts";
import type { Recording } from "#executor/drivers/replay/recording.ts";
import type { Action } from "#executor/engine/position.ts";
import { ExecutorFault, lockFolder } from "#executor/lock.ts";
import { MachineController } from "#executor/machine/machine-controller.ts";
import { ControllerClient } from "#executor/reporter/controller-client.ts";
import { PersonClient } from "#executor/reporter/person-client.ts";
import { ensureRecordedMachine } from "#executor/reporter/recorded-machine.ts";
import { pause } from "#executor/reporter/retry.ts";

const READY_WITHIN_MS = 20_000;
const CLEAR_REASON = "An earlier replay was cut off; there is no machine behind it.";

export type ReplayOptions = {
  connection: ExecutorConnection;
  recording: Recording;
  /** Recorded milliseconds per real one. */
  speed: number;
  operator: { email: string; password: string };
  dataDir: string;
  /** Name on the lease. */
  controller: string;
  /** Ends the run as aborted. */
  signal: AbortSignal;
  log: (line: string) => void;
  onStart: (runId: string) => void;
  onStep: (action: Action) => void;
};

/** Settles when the run has ended and all of it is recorded; throws an ExecutorFault when it cannot begin. */
export async function replayRun(options: ReplayOptions): Promise<{ runId: string; outcome: string }> {
  const folder = join(options.dataDir, "replay");
  const unlock = await lockFolder(folder);
  const client = new ControllerClient(options.connection);
  try {
    const { email, password } = options.operator;
    const signedIn = await PersonClient.signIn(options.connection, email, password);
    if (!signedIn.ok) throw new ExecutorFault(`${email}: ${signedIn.message}`);
    const answer = await serveOneRun(client, signedIn.person, folder, options);
    await signedIn.person.signOut();
    return answer;
  } finally {
    await client.close();
    await unlock();
  }
}

/** Serves the recorded tool for as long as one run takes. */
async function serveOneRun(
  client: ControllerClient,
  person: PersonClient,
  folder: string,
  options: ReplayOptions,
) {
  const { recording, controller, log, onStep } = options;
  const made = await ensureRecordedMachine(client, recording, recordedRecipe(recording), person.userId);
  const ending = new AbortController();
  const onSignal = () => ending.abort();
  options.signal.addEventListener("abort", onSignal, { once: true });
  const claimed = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ runId: string; outcome: string }>();
  const serving = MachineController.serve(
    {
      client,
      machine: made.machine,
      kind: replayKind({ recording, steps: recordedSteps(recording), onStep }),
      controller,
      folder,
      log,
      onClaimed: claimed.resolve,
      onRunEnded: (runId, outcome) => ended.resolve({ runId, outcome }),
    },
    ending.signal,
  );
  try {
    await Promise.race([claimed.promise, pause(READY_WITHIN_MS, ending.signal)]);
    options.onStart(await startAsOperator(person, made, options));
    return await ended.promise;
  } finally {
    options.signal.removeEventListener("abort", onSignal);
    ending.abort();
    await serving;
  }
}

/** Starts the run once the machine is idle; what an earlier, cut-off replay left behind is cleared with a reason. */
async function startAsOperator(
  person: PersonClient,
  { machine, recipeId }: { machine: { id: string }; recipeId: string },
  { speed, recording, signal }: ReplayOptions,
): Promise<string> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    if (signal.aborted) throw new ExecutorFault("it was ended before it began.");
    const look = await person.glance(machine.id);
    if (look.ok && look.glance.machine.status === "error" && look.glance.run?.end_reason === "interrupted") {
      await person.clear(machine.id, CLEAR_REASON);
    }
    const started = await person.start(machine.id, recipeId, { speed }, `Replay of ${recording.name}`);
    if (started.ok) return started.runId;
    const isWorthWaiting =
      started.code === "machine_not_idle" || started.code === "no_controller" || started.status === 0;
    if (!isWorthWaiting || performance.now() > deadline) {
      throw new ExecutorFault(`${started.message} ${started.hint ?? ""}`.trim());
    }
    await pause(1000, signal);
  }
}
