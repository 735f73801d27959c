// Demo only: plays an operator who keeps the machines assigned to it depositing, through the same functions and with
// the same rights as a person.

import { Flight } from "#executor/demo/flight.ts";
import { PersonClient } from "#executor/reporter/person-client.ts";
import { pause } from "#executor/reporter/retry.ts";
import type { Result } from "#lib/result.ts";

const EMAIL = "autopilot@pulseboard.local";
const PASSWORD = "pulseboard";
const SIGN_IN_AGAIN_MS = 5000;

type Setup = {
  connection: { apiUrl: string; publishableKey: string };
  /** Device milliseconds per real one of the runs it starts. */
  speed: number;
  log: (line: string) => void;
};

/** Flies until the signal aborts; signs in again when its session is refused. Runs under way are left to their controller. */
export async function runAutopilot(setup: Setup, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const person = await signInPatiently(setup, signal);
    if (person === null) return;
    const assigned = await patiently(() => person.assignedMachines(), setup.log, signal);
    const signedOut = new AbortController();
    const until = AbortSignal.any([signal, signedOut.signal]);
    const { speed } = setup;
    const flights = (assigned?.machines ?? []).map(async (machine, firstRecipe) => {
      const log = (line: string) => setup.log(`${machine.serial_number}: ${line}`);
      const flight = new Flight({ person, machine, firstRecipe, speed, log, pause });
      if ((await flight.fly(until)) === "signed out") signedOut.abort();
    });
    await Promise.all(flights);
    await person.signOut();
    await pause(SIGN_IN_AGAIN_MS, signal);
  }
}

async function signInPatiently(
  { connection, log }: Setup,
  signal: AbortSignal,
): Promise<PersonClient | null> {
  const answer = await patiently(() => PersonClient.signIn(connection, EMAIL, PASSWORD), log, signal);
  return answer?.person ?? null;
}

/** Asks until there is an answer; null when the signal aborts first. */
async function patiently<Answer extends object>(
  ask: () => Promise<Result<Answer>>,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Answer | null> {
  for (let lastSaid = ""; !signal.aborted; ) {
    const answer = await ask();
    if (answer.ok) return answer;
    if (answer.message !== lastSaid) log(`autopilot: ${answer.message}`);
    lastSaid = answer.message;
    await pause(SIGN_IN_AGAIN_MS, signal);
  }
  return null;
}
