import { setTimeout as delay } from "node:timers/promises";

/** What may become of a message. `late`: the sender is told that it is lost, and it arrives all the same. */
const FATES = ["passes", "lost", "answer lost", "delayed", "late", "twice"] as const;
type Fate = (typeof FATES)[number];

const LONGEST_DELAY_MS = 400;
const LATENESS_MS = 1500;

/** A network between programs and the API that, once begun, drops, delays and doubles calls of database functions. */
export class LossyNetwork {
  readonly counts: Record<Fate, number> = {
    passes: 0,
    lost: 0,
    "answer lost": 0,
    delayed: 0,
    late: 0,
    twice: 0,
  };
  readonly #random: () => number;
  /** Share of calls to which something happens, 0 to 1. */
  readonly #share: number;
  readonly #underway = new Set<Promise<unknown>>();
  #isCalm = true;

  constructor(random: () => number, share: number) {
    this.#random = random;
    this.#share = share;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const isCall = String(input).includes("/rest/v1/rpc/") && init?.method === "POST";
    const fate = isCall ? this.#fate() : "passes";
    if (isCall) this.counts[fate] += 1;
    switch (fate) {
      case "passes":
        return fetch(input, init);
      case "lost":
        throw lost();
      case "answer lost":
        await (await fetch(input, init)).arrayBuffer();
        throw lost();
      case "delayed":
        await delay(this.#random() * LONGEST_DELAY_MS);
        return fetch(input, init);
      case "late":
        this.#arriveLater(input, init, this.#random() * LATENESS_MS);
        throw lost();
      case "twice":
        this.#arriveLater(input, init, this.#random() * LONGEST_DELAY_MS);
        return fetch(input, init);
    }
  };

  begin(): void {
    this.#isCalm = false;
  }

  /** From now on everything passes; resolves when the last straggler has arrived. */
  async calm(): Promise<void> {
    this.#isCalm = true;
    await Promise.all(this.#underway);
  }

  #fate(): Fate {
    if (this.#isCalm || this.#random() >= this.#share) return "passes";
    return FATES[1 + Math.floor(this.#random() * (FATES.length - 1))] ?? "lost";
  }

  /** Nobody waits for this one any more, so neither does its signal end it. */
  #arriveLater(input: Parameters<typeof fetch>[0], init: RequestInit | undefined, afterMs: number): void {
    const arrival = delay(afterMs)
      .then(() => fetch(input, { ...init, signal: null }))
      .then((response) => response.arrayBuffer());
    this.#underway.add(arrival);
    void arrival.finally(() => this.#underway.delete(arrival));
  }
}

const lost = () => new TypeError("fetch failed: the message was lost");
