import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { CommandKind } from "#lib/model/command.ts";
import type { Client } from "#lib/supabase/call.ts";
import { clearMachine, reconcileRun, requestStop, type Sent, startRun } from "#lib/supabase/send-command.ts";
import type { Screen } from "#scripts/faults/screen.ts";

/** What a person was told about one command, however often it had to be sent. */
export type Told = {
  key: string;
  kind: CommandKind;
  /** `ok`, the code of a refusal, or `silence`: no press was ever answered. */
  answer: string;
  /** Status of the command as the answer told it; null without one. */
  status: string | null;
  presses: number;
};

/** Somebody who presses again and again gets an answer long before this. */
const MOST_PRESSES = 40;
const PRESS_AGAIN_MS = 60;
const LOOK_AT_SCREEN_MS = 120;

export type Position = {
  machineId: string;
  screen: Screen;
  /** Recipes of a few cycles and of hundreds. */
  recipes: { short: string; long: string };
  /** The people who take turns here. */
  clients: readonly Client[];
  random: () => number;
};

type Press = { kind: CommandKind; send: (key: string, client: Client) => Promise<Sent> };

/** Commands a machine by what its screen shows, right or not, while `mayGoOn` says so; answers with what was told. */
export async function operate(position: Position, mayGoOn: () => boolean): Promise<Told[]> {
  const told: Promise<Told>[] = [];
  while (mayGoOn()) {
    const asked = insist(position, nextPress(position));
    told.push(asked);
    // One in three does not wait for the answer before the next press.
    if (position.random() < 0.67) await asked;
    await delay(position.random() * LOOK_AT_SCREEN_MS);
  }
  return Promise.all(told);
}

function nextPress({ machineId, screen, recipes, random }: Position): Press {
  const { status, runId } = screen.now();
  const chance = random();
  if (status === "error") return clearing(machineId);
  if (status === "unknown" && runId !== null) return reconciling(runId);
  if (status === "idle" ? chance < 0.9 : chance < 0.1)
    return starting(machineId, random() < 0.4 ? recipes.short : recipes.long);
  return stopping(machineId, chance < 0.5 ? runId : null, random() < 0.75 ? "now" : "end_of_cycle");
}

/** Device time runs this much faster, so that a run ends within a second or so. */
const SPEED = 20;

const starting = (machineId: string, recipeId: string): Press => ({
  kind: "start",
  send: (commandId, client) =>
    startRun(client, {
      commandId,
      machineId,
      recipeId,
      expectedVersion: null,
      expectedProgram: null,
      description: null,
      parameters: { speed: SPEED },
    }),
});

const stopping = (machineId: string, runId: string | null, mode: "now" | "end_of_cycle"): Press => ({
  kind: "stop",
  send: (commandId, client) => requestStop(client, { commandId, machineId, runId, mode, reason: null }),
});

const clearing = (machineId: string): Press => ({
  kind: "clear",
  send: (commandId, client) => clearMachine(client, { commandId, machineId, reason: "Looked at it." }),
});

const reconciling = (runId: string): Press => ({
  kind: "reconcile",
  send: (commandId, client) =>
    reconcileRun(client, { commandId, runId, outcome: "aborted", reason: "Looked at it." }),
});

/** As the page does it: after silence the same command again, until somebody answers. */
async function insist({ clients, random }: Position, { kind, send }: Press): Promise<Told> {
  const key = randomUUID();
  const client = clients[Math.floor(random() * clients.length)];
  if (client === undefined) throw new Error("nobody is here to press");
  for (let presses = 1; presses <= MOST_PRESSES; presses += 1) {
    const answer = await send(key, client);
    if (answer.ok) return { key, kind, answer: "ok", status: answer.command.status, presses };
    if (answer.status >= 400 && answer.status < 500)
      return { key, kind, answer: answer.code, status: null, presses };
    await delay(PRESS_AGAIN_MS);
  }
  return { key, kind, answer: "silence", status: null, presses: MOST_PRESSES };
}
