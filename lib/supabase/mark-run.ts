import type { MarkRequest } from "#lib/model/run-mark.ts";
import type { Result } from "#lib/result.ts";
import { ask, type Client, forPerson } from "./call.ts";

/** Says that a run is good, or not any more. Said twice it is said once more: nothing is lost by repeating it. */
export async function markRun(
  client: Client,
  { runId, isGood, reason }: MarkRequest,
): Promise<Result<{ isGood: boolean }>> {
  const answer = await ask("mark the run", (signal) =>
    client.rpc("mark_run", { p_run_id: runId, p_is_good: isGood, p_reason: reason }).abortSignal(signal),
  );
  return answer.ok ? { ok: true, isGood } : forPerson(answer);
}
