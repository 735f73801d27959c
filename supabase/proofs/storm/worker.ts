/** One connection's worth of storm: calls one after the other; when the server goes away, the same call until it answers. */
import { setTimeout as delay } from "node:timers/promises";
import type { Answer, Call } from "../call.ts";
import { isConnectionLoss } from "../call.ts";
import type { Lab } from "../lab.ts";
import { ACTIONS, type Action } from "./actions.ts";
import type { World } from "./world.ts";

export type Tally = {
  /** Calls that were answered. */
  calls: number;
  /** Calls sent again because nobody knew what became of them. */
  resent: number;
  /** Answers by code; the empty one is "done". */
  answers: Map<string, number>;
  worstMs: number;
};

const PAUSE_WITHOUT_SERVER_MS = 50;
const WEIGHT = ACTIONS.reduce((sum, { weight }) => sum + weight, 0);

export async function work(lab: Lab, world: World, tally: Tally, until: number): Promise<void> {
  while (performance.now() < until) {
    const machine = world.machines[Math.floor(Math.random() * world.machines.length)];
    if (machine === undefined) throw new Error("a storm needs machines");
    const action = chosen(Math.random() * WEIGHT);
    const call = action.call(machine, world);
    if (call === null) continue;
    machine.last = call;
    const began = performance.now();
    const answer = await insist(lab, call, tally);
    tally.worstMs = Math.max(tally.worstMs, performance.now() - began);
    tally.calls += 1;
    tally.answers.set(answer.code, (tally.answers.get(answer.code) ?? 0) + 1);
    action.told?.(machine, world, answer, call);
  }
}

async function insist(lab: Lab, call: Call, tally: Tally): Promise<Answer> {
  for (;;) {
    try {
      return await lab.answer(call);
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      tally.resent += 1;
      await delay(PAUSE_WITHOUT_SERVER_MS);
    }
  }
}

function chosen(at: number): Action {
  let left = at;
  for (const action of ACTIONS) {
    left -= action.weight;
    if (left < 0) return action;
  }
  throw new Error("no action was chosen");
}
