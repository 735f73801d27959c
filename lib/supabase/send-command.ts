import { z } from "zod";
import type {
  ClearRequest,
  Command,
  ReconcileRequest,
  StartRunRequest,
  StopRequest,
} from "#lib/model/command.ts";
import type { Refusal, Result } from "#lib/result.ts";
import { ask, type Client } from "./call.ts";
import { commandRow } from "./rows/command.ts";
import { maybeText, parseRow } from "./rows/row.ts";

// The only way in: each function is one call of one database function, with the person's own token. A command is
// identified by the key the browser made, so sending it twice is harmless: the second answer repeats the first.

const COMMAND_TIMEOUT_MS = 10_000;
const answerFrame = z.object({ command: z.unknown(), run_id: maybeText });

export type Sent = Result<{ command: Command; runId: string | null }>;

async function send(client: Client, what: string, rpc: string, args: Record<string, unknown>): Promise<Sent> {
  const answer = await ask(what, (signal) => client.rpc(rpc, args).abortSignal(signal), {
    timeoutMs: COMMAND_TIMEOUT_MS,
  });
  if (!answer.ok) return explained(answer);
  const frame = parseRow(rpc, answerFrame, answer.data);
  const command = commandRow(frame.command);
  return { ok: true, command, runId: frame.run_id ?? command.runId };
}

/** Without an answer nobody knows whether the request arrived; the same key makes asking again safe. */
function explained(answer: Refusal): Refusal {
  if (answer.code !== "no_answer") return answer;
  return {
    ...answer,
    message: `${answer.message} It is not known whether the request arrived.`,
    hint: "Look at the command list below, or press again: the same request is never carried out twice.",
  };
}

export const startRun = (client: Client, request: StartRunRequest): Promise<Sent> =>
  send(client, "request the start", "start_process", {
    p_command_id: request.commandId,
    p_machine_id: request.machineId,
    p_recipe_id: request.recipeId,
    p_expected_version: request.expectedVersion,
    p_parameters: request.parameters,
    p_description: request.description,
  });

export const requestStop = (client: Client, request: StopRequest): Promise<Sent> =>
  send(client, "request the stop", "request_stop", {
    p_command_id: request.commandId,
    p_machine_id: request.machineId,
    p_run_id: request.runId,
    p_mode: request.mode,
    p_reason: request.reason,
  });

export const clearMachine = (client: Client, request: ClearRequest): Promise<Sent> =>
  send(client, "clear the machine", "clear_machine", {
    p_command_id: request.commandId,
    p_machine_id: request.machineId,
    p_reason: request.reason,
  });

export const reconcileRun = (client: Client, request: ReconcileRequest): Promise<Sent> =>
  send(client, "reconcile the run", "reconcile_run", {
    p_command_id: request.commandId,
    p_run_id: request.runId,
    p_outcome: request.outcome,
    p_reason: request.reason,
  });
