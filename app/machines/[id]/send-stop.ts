import { requestStopAction } from "#app/machines/[id]/actions.ts";
import type { StopRequest } from "#lib/model/command.ts";
import type { Sent } from "#lib/supabase/send-command.ts";

/** Longer than the server waits for the database, so that its answer is heard. */
const PATIENCE_MS = 12_000;

/**
 * Sends a stop to the fixed address; when nothing of ours answers there, once more as a server action. The key in the
 * request makes the second harmless.
 */
export async function sendStop(request: StopRequest): Promise<Sent> {
  const answer = await postStop(request);
  return answer ?? requestStopAction(request);
}

async function postStop({ machineId, ...body }: StopRequest): Promise<Sent | null> {
  try {
    const response = await fetch(`/machines/${machineId}/stop`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
      keepalive: true,
    });
    const answer: unknown = await response.json();
    return isSent(answer) ? answer : null;
  } catch (fault) {
    if (fault instanceof Error) return null;
    throw fault;
  }
}

/** Our own handler answers with a Result; a proxy's error page does not. */
const isSent = (answer: unknown): answer is Sent =>
  typeof answer === "object" && answer !== null && "ok" in answer;
