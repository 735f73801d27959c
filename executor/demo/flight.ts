// One machine in the autopilot's hands: looks, makes the next move, and is slower to ask again the more often it was
// refused. Guarded by flight.test.ts.

import { type Move, nextMove, pauseMs } from "#executor/demo/next-move.ts";
import type { PersonClient } from "#executor/reporter/person-client.ts";
import type { Refusal, Result } from "#lib/result.ts";

/** A controller that comes back settles its machine itself; only after this long is it taken for gone. */
const UNKNOWN_FOR_MS = 20_000;

export type FlightSetup = {
  person: Pick<PersonClient, "userId" | "glance" | "recipes" | "start" | "clear" | "reconcile">;
  machine: { id: string; machine_type: string };
  /** Where in the list of recipes to begin, so that machines side by side do not play the same. */
  firstRecipe: number;
  /** Device milliseconds per real one of the runs it starts. */
  speed: number;
  log: (line: string) => void;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
};

export class Flight {
  readonly #setup: FlightSetup;
  #recipe: number;
  /** Moves refused since one was made. */
  #refusals = 0;
  #unknownSince: number | null = null;
  #lastSaid = "";

  constructor(setup: FlightSetup) {
    this.#setup = setup;
    this.#recipe = setup.firstRecipe;
  }

  /** Settles when the signal aborts, or when the session is refused. */
  async fly(signal: AbortSignal): Promise<"aborted" | "signed out"> {
    const { person, machine, pause } = this.#setup;
    while (!signal.aborted) {
      const look = await person.glance(machine.id);
      if (!look.ok) this.#say(look.message);
      if (!look.ok && look.status === 401) return "signed out";
      const move: Move = look.ok ? nextMove(look.glance, person.userId) : { kind: "watch" };
      const refused = !signal.aborted && (await this.#make(move)) === "refused";
      const isBusy = look.ok && look.glance.machine.status === "processing";
      await pause(pauseMs(isBusy, refused ? this.#refusals : 0), signal);
    }
    return "aborted";
  }

  async #make(move: Move): Promise<"refused" | "done"> {
    const refusal = await this.#ask(move);
    if (refusal === undefined) return "done";
    this.#refusals = refusal === null ? 0 : this.#refusals + 1;
    if (refusal !== null) this.#say(`${refusal.message} ${refusal.hint ?? ""}`);
    return refusal === null ? "done" : "refused";
  }

  /** Null when the move was made, undefined when there was nothing to ask for. */
  async #ask(move: Move): Promise<Refusal | null | undefined> {
    const { person, machine } = this.#setup;
    if (move.kind !== "reconcile") this.#unknownSince = null;
    switch (move.kind) {
      case "watch":
        return undefined;
      case "yield":
        this.#say("a person stopped the run; the next demo run starts 60 s after its end");
        return undefined;
      case "start":
        return this.#start();
      case "clear":
        return refusalOf(await person.clear(machine.id, move.reason));
      case "reconcile":
        this.#unknownSince ??= performance.now();
        if (performance.now() - this.#unknownSince < UNKNOWN_FOR_MS) return undefined;
        return refusalOf(await person.reconcile(move.runId, move.reason));
    }
  }

  /** Goes through all recipes: to the next one also after a refusal, so that one that cannot be played stops no demo. */
  async #start(): Promise<Refusal | null | undefined> {
    const { person, machine, speed } = this.#setup;
    const listed = await person.recipes(machine.machine_type);
    if (!listed.ok) return listed;
    const recipe = listed.recipes[this.#recipe % Math.max(1, listed.recipes.length)];
    if (recipe === undefined) {
      this.#say(`there is no recipe for ${machine.machine_type}`);
      return undefined;
    }
    this.#recipe += 1;
    const started = await person.start(machine.id, recipe.id, { speed }, "Demo run");
    if (!started.ok) return { ...started, message: `${recipe.name}: ${started.message}` };
    this.#say(`demo run of ${recipe.name}`);
    return null;
  }

  /** Says a thing once, not every time it is seen again. */
  #say(line: string): void {
    if (line !== this.#lastSaid) this.#setup.log(line);
    this.#lastSaid = line;
  }
}

const refusalOf = (answer: Result): Refusal | null => (answer.ok ? null : answer);
