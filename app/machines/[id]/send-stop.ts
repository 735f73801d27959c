import { requestStopAction } from "#app/machines/[id]/actions.ts";
import { withdraw } from "#app/machines/[id]/asked.ts";
import type { StopRequest } from "#lib/model/command.ts";
import { newId } from "#lib/new-id.ts";
import { type Refusal, refusal } from "#lib/result.ts";
import type { Sent } from "#lib/supabase/send-command.ts";

/** Longer than the server waits for the database, so that its answer is heard. */
const PATIENCE_MS = 12_000;

/**
 * Asks for a stop. With nothing to stop, the person's own starts that are still on their way (`starts`, by key) are
 * stopped from beginning later; one that arrived meanwhile is stopped like any run. Rejects when the web server is not
 * reached or does not answer.
 */
export async function sendStop(request: StopRequest, starts: readonly string[]): Promise<Sent> {
  const answer = await ask(request);
  if (answer.ok || answer.code !== "nothing_to_stop") return answer;
  for (const key of starts) {
    const spent = await spend(request, key);
    if (spent === "arrived") return ask({ ...request, commandId: newId(), runId: null });
    if (spent === "unknown") return mayStillBegin(answer);
    withdraw(key);
  }
  return starts.length > 0 ? WITHDRAWN : answer;
}

/**
 * Spends the key of a start, so that the start is refused if it still arrives: asks under that key for the end of a run
 * that does not exist, which stops nothing, whatever runs by now.
 */
async function spend(request: StopRequest, key: string): Promise<"spent" | "arrived" | "unknown"> {
  const answer = await ask({
    ...request,
    commandId: key,
    runId: key,
    reason: "Withdraws a start that had not arrived.",
  });
  if (answer.ok) return "unknown";
  if (answer.code === "command_id_reused") return "arrived";
  return answer.code === "nothing_to_stop" || answer.code === "run_not_current" ? "spent" : "unknown";
}

const WITHDRAWN = refusal(
  409,
  "start_withdrawn",
  "Nothing was running yet. Your start, which was still on its way, is withdrawn and cannot begin any more.",
  "Start again when you want to.",
);

const mayStillBegin = (answer: Refusal): Refusal => ({
  ...answer,
  hint: "Your start has no answer yet and may still begin. Watch the machine, and press Stop again.",
});

/** By the fixed address; when something that is not ours answers there, once more as a server action. */
async function ask(request: StopRequest): Promise<Sent> {
  const { machineId, ...body } = request;
  const response = await fetch(`/machines/${machineId}/stop`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
    keepalive: true,
  });
  return (await sentBy(response)) ?? requestStopAction(request);
}

/** Our own handler answers with a Result; a proxy's error page does not. */
async function sentBy(response: Response): Promise<Sent | null> {
  const text = await response.text();
  try {
    const answer: unknown = JSON.parse(text);
    return isSent(answer) ? answer : null;
  } catch (fault) {
    if (fault instanceof SyntaxError) return null;
    throw fault;
  }
}

const isSent = (answer: unknown): answer is Sent =>
  typeof answer === "object" && answer !== null && "ok" in answer;
