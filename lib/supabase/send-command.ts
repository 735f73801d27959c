import type {
  ClearRequest,
  Command,
  ReconcileRequest,
  StartRunRequest,
  StopRequest,
} from "#lib/model/command.ts";
import type { Refusal, Result } from "#lib/result.ts";
import { ask, type Client, forPerson } from "./call.ts";
import { commandRow } from "./rows/command.ts";
import { rowReader } from "./rows/row.ts";

// The only way in: each function is one call of one database function, with the person's own token. A command is
// identified by the key the browser made, so sending it twice is harmless: the second answer repeats the first.

const COMMAND_TIMEOUT_MS = 10_000;

const answerRow = rowReader("the answer to a command", (frame) => {
  const command = commandRow(frame.raw("command"));
  return { command, runId: frame.maybeText("run_id") ?? command.runId };
});

export type Sent = Result<{ command: Command; runId: string | null }>;

/**
 * Faults after which Postgres has done nothing and the same call may succeed at once: a race lost at repeatable read, a
 * deadlock with another writer. A lock that is held for long is told instead: waiting more would pile people up.
 */
const PASSING: ReadonlySet<string> = new Set(["40001", "40P01"]);
const TRIES = 5;
const FIRST_PAUSE_MS = 40;

async function send(what: string, call: Parameters<typeof ask>[1]): Promise<Sent> {
  const until = performance.now() + COMMAND_TIMEOUT_MS;
  for (let tried = 1; ; tried += 1) {
    const answer = await ask(what, call, { timeoutMs: Math.max(1, Math.ceil(until - performance.now())) });
    if (answer.ok) return { ok: true, ...answerRow(answer.data) };
    if (!PASSING.has(answer.code) || tried === TRIES) return explained(answer);
    await pause(pauseMs(tried));
  }
}

/** Doubling, spread by half so that those who collided do not meet again. */
const pauseMs = (tried: number): number => FIRST_PAUSE_MS * 2 ** (tried - 1) * (0.5 + Math.random() / 2);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Without an answer nobody knows whether the request arrived; the same key makes asking again safe. */
function explained(answer: Refusal): Refusal {
  if (answer.status !== 0) return forPerson(answer);
  return {
    ...answer,
    message: `${answer.message} It is not known whether the request arrived.`,
    hint: "Look at the command list below, or press again: the same request is never carried out twice.",
  };
}

export const startRun = (client: Client, request: StartRunRequest): Promise<Sent> =>
  send("request the start", (signal) =>
    client
      .rpc("start_process", {
        p_command_id: request.commandId,
        p_machine_id: request.machineId,
        p_recipe_id: request.recipeId,
        p_expected_version: request.expectedVersion,
        p_parameters: request.parameters,
        p_description: request.description,
        p_expected_program: request.expectedProgram,
      })
      .abortSignal(signal),
  );

export const requestStop = (client: Client, request: StopRequest): Promise<Sent> =>
  send("request the stop", (signal) =>
    client
      .rpc("request_stop", {
        p_command_id: request.commandId,
        p_machine_id: request.machineId,
        p_run_id: request.runId,
        p_mode: request.mode,
        p_reason: request.reason,
      })
      .abortSignal(signal),
  );

export const clearMachine = (client: Client, request: ClearRequest): Promise<Sent> =>
  send("clear the machine", (signal) =>
    client
      .rpc("clear_machine", {
        p_command_id: request.commandId,
        p_machine_id: request.machineId,
        p_reason: request.reason,
      })
      .abortSignal(signal),
  );

export const reconcileRun = (client: Client, request: ReconcileRequest): Promise<Sent> =>
  send("reconcile the run", (signal) =>
    client
      .rpc("reconcile_run", {
        p_command_id: request.commandId,
        p_run_id: request.runId,
        p_outcome: request.outcome,
        p_reason: request.reason,
      })
      .abortSignal(signal),
  );
