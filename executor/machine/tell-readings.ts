import type { DriverKind, RestingMachine } from "#executor/drivers/driver-kind.ts";
import type { ControllerClient, MachineRow } from "#executor/reporter/controller-client.ts";
import { pause } from "#executor/reporter/retry.ts";

/** Whoever is about to start a run looks at values that are this old at most, and the way they take. */
const READINGS_EVERY_MS = 2000;
const ANSWER_WITHIN_MS = 3000;

type Resting = {
  client: ControllerClient;
  machine: MachineRow;
  kind: DriverKind;
  /** A run is under way: its samples say what the machine reads. */
  isBusy: () => boolean;
  fence: () => number;
};

type Told = { machine: RestingMachine; ids: ReadonlyMap<string, string> };

/**
 * Tells between runs what the machine reads, until the signal aborts. Nothing waits for it and nothing of it is kept: a
 * reading that does not arrive is followed by the next one. Where the machine was left is asked of the database, so that
 * the readings go on from the last run, also after a restart.
 */
export async function tellReadings(resting: Resting, until: AbortSignal): Promise<void> {
  if (resting.kind.atRest === null) return;
  let told: Told | null = null;
  while (!until.aborted) {
    if (resting.isBusy()) told = null;
    else {
      told ??= await answered(comeToRest(resting), until);
      if (told !== null && !resting.isBusy() && !(await tell(resting, told, until))) told = null;
    }
    await pause(READINGS_EVERY_MS, until);
  }
}

async function comeToRest({ client, machine, kind }: Resting): Promise<Told | null> {
  const answer = await client.parameters(machine.id);
  if (!answer.ok || kind.atRest === null) return null;
  const parameters = answer.parameters.map(({ name, current_value, read_at, set_value }) => ({
    name,
    reading: read_at === null ? null : current_value,
    setPoint: set_value,
  }));
  const ids = new Map(answer.parameters.map(({ name, parameter_id }) => [name, parameter_id]));
  return { machine: kind.atRest({ machineId: machine.id, parameters }), ids };
}

/** False when the readings did not count, so that the machine is looked at anew. */
async function tell({ client, machine, fence }: Resting, told: Told, until: AbortSignal): Promise<boolean> {
  const values = Object.entries(told.machine.read()).flatMap(([name, value]) => {
    const id = told.ids.get(name);
    return id === undefined ? [] : [[id, value] as const];
  });
  if (values.length === 0) return true;
  const sent = client.recordReadings(machine.id, fence(), Object.fromEntries(values));
  return (await answered(sent, until))?.ok ?? false;
}

/** The answer; null when it takes too long, or the controller shuts down meanwhile. */
const answered = <Answer>(call: Promise<Answer>, until: AbortSignal): Promise<Answer | null> =>
  Promise.race([call, pause(ANSWER_WITHIN_MS, until).then(() => null)]);
