// Demo only: plays an operator who keeps the machines assigned to it depositing, through the same functions and with
// the same rights as a person. Guarded by next-move.test.ts.

import { type Move, nextMove } from "#executor/demo/next-move.ts";
import { PersonClient } from "#executor/reporter/person-client.ts";
import { pause } from "#executor/reporter/retry.ts";
import type { Refusal, Result } from "#lib/result.ts";

const EMAIL = "autopilot@pulseboard.local";
const PASSWORD = "pulseboard";
const LOOK_EVERY_MS = 2000;
const LOOK_SOON_MS = 400;
const SIGN_IN_AGAIN_MS = 5000;
/** A controller that comes back settles its machine itself; only after this long is it taken for gone. */
const UNKNOWN_FOR_MS = 20_000;

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
    const flights = (assigned?.machines ?? []).map((machine, index) =>
      new Autopilot(setup, person, { ...machine, index }, () => signedOut.abort()).fly(until),
    );
    await Promise.all(flights);
    await person.signOut();
    await pause(SIGN_IN_AGAIN_MS, signal);
  }
}

type Assigned = { id: string; serial_number: string; machine_type: string; index: number };

class Autopilot {
  readonly #setup: Setup;
  readonly #person: PersonClient;
  readonly #machine: Assigned;
  readonly #onSignedOut: () => void;
  #flights = 0;
  #unknownSince: number | null = null;
  #lastSaid = "";

  constructor(setup: Setup, person: PersonClient, machine: Assigned, onSignedOut: () => void) {
    this.#onSignedOut = onSignedOut;
    this.#setup = setup;
    this.#person = person;
    this.#machine = machine;
  }

  async fly(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const look = await this.#person.glance(this.#machine.id);
      if (!look.ok) this.#say(look.message);
      if (!look.ok && look.status === 401) return this.#onSignedOut();
      const move: Move = look.ok ? nextMove(look.glance, this.#person.userId) : { kind: "watch" };
      const isBusy = look.ok && look.glance.machine.status === "processing";
      const refusal = signal.aborted ? null : await this.#make(move);
      if (refusal !== null) this.#say(`${refusal.message} ${refusal.hint ?? ""}`);
      await pause(isBusy ? LOOK_EVERY_MS : LOOK_SOON_MS, signal);
    }
  }

  async #make(move: Move): Promise<Refusal | null> {
    if (move.kind !== "reconcile") this.#unknownSince = null;
    switch (move.kind) {
      case "watch":
        return null;
      case "yield":
        this.#say(`a person stopped the run; the next demo run starts ${YIELD_WORDS}`);
        return null;
      case "start":
        return this.#start();
      case "clear":
        return refusalOf(await this.#person.clear(this.#machine.id, move.reason));
      case "reconcile":
        this.#unknownSince ??= performance.now();
        if (performance.now() - this.#unknownSince < UNKNOWN_FOR_MS) return null;
        return refusalOf(await this.#person.reconcile(move.runId, move.reason));
    }
  }

  /** Each machine begins with another recipe and goes through all of them. */
  async #start(): Promise<Refusal | null> {
    const { id, machine_type, index } = this.#machine;
    const listed = await this.#person.recipes(machine_type);
    if (!listed.ok) return listed;
    const recipe = listed.recipes[(index + this.#flights) % Math.max(1, listed.recipes.length)];
    if (recipe === undefined) {
      this.#say(`there is no recipe for ${machine_type}`);
      return null;
    }
    const started = await this.#person.start(id, recipe.id, { speed: this.#setup.speed }, "Demo run");
    if (!started.ok) return started;
    this.#flights += 1;
    this.#say(`demo run of ${recipe.name}`);
    return null;
  }

  /** Says a thing once, not every time it is seen again. */
  #say(line: string): void {
    if (line !== this.#lastSaid) this.#setup.log(`${this.#machine.serial_number}: ${line}`);
    this.#lastSaid = line;
  }
}

const YIELD_WORDS = "60 s after its end";

const refusalOf = (answer: Result): Refusal | null => (answer.ok ? null : answer);

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
