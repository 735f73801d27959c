import type { SupabaseClient } from "@supabase/supabase-js";
import { type Refusal, refusal } from "#lib/result.ts";
import type { Database } from "./database.types.ts";

type AuthAnswer = {
  data: { session: { access_token: string; expires_at?: number | undefined } | null };
  error: { name: string; status?: number | undefined; code?: string | undefined } | null;
};

/**
 * What both sides have: the server's client is a whole SupabaseClient, the browser's holds no more than this. The
 * generated types check names and arguments; what comes back is read field by field (rows/).
 */
export type Client = Pick<
  SupabaseClient<Database>,
  "from" | "rpc" | "realtime" | "channel" | "getChannels" | "removeChannel"
> & {
  auth: {
    getSession(): Promise<AuthAnswer>;
    refreshSession(): Promise<AuthAnswer>;
    onAuthStateChange(listener: (event: string) => void): { data: { subscription: { unsubscribe(): void } } };
  };
};

/** The server's, which can sign people in and out and tell who is asking. */
export type ServerClient = SupabaseClient<Database>;

type Answer = {
  data: unknown;
  error: { code?: string; message?: string; hint?: string | null; details?: unknown } | null;
  status: number;
  count?: number | null;
};

export type CallOptions = { timeoutMs?: number; signal?: AbortSignal | undefined };

const READ_TIMEOUT_MS = 8_000;

/** A read that did not succeed. `message` is a sentence for a person; `status` 0 means that no answer came. */
export class ReadFault extends Error {
  readonly refusal: Refusal;
  constructor(cause: Refusal) {
    const refused = forPerson(cause);
    super(refused.message);
    this.name = "ReadFault";
    this.refusal = refused;
  }
}

/** Codes whose words are written for a person: our refusals, and what our functions raise. Others speak to programmers. */
const OUR_CODE = /^([a-z][a-z0-9_]*|PT\d{3})$/;
const FOR_SUPPORT = "Try again; if it stays so, give support the code.";

/** A refusal as a page may show it: the words of Postgres and PostgREST themselves stay with the code they belong to. */
export function forPerson(refused: Refusal): Refusal {
  if (refused.status === 0 || OUR_CODE.test(refused.code)) return refused;
  const message =
    refused.status >= 500
      ? refused.message
      : `The server refused what this page asked for (${refused.status}).`;
  return { ...refused, message, hint: FOR_SUPPORT };
}

/**
 * Sends one request with a deadline. Yields the data, or the refusal or the lack of an answer as a Refusal
 * (code `unreachable` or `no_answer`, status 0). Rethrows when the caller's own signal was aborted.
 */
export async function ask(
  what: string,
  send: (signal: AbortSignal) => PromiseLike<Answer>,
  options: CallOptions = {},
): Promise<{ ok: true; data: unknown; count: number | null } | Refusal> {
  const limitMs = options.timeoutMs ?? READ_TIMEOUT_MS;
  const deadline = AbortSignal.timeout(limitMs);
  const answer = await send(options.signal ? AbortSignal.any([deadline, options.signal]) : deadline);
  if (answer.error === null) return { ok: true, data: answer.data, count: answer.count ?? null };
  if (answer.status === 0) {
    options.signal?.throwIfAborted();
    return deadline.aborted ? noAnswer(what, limitMs) : unreachable(what);
  }
  return refusalFrom(what, answer.error, answer.status);
}

/** As `ask`, for readers that have nothing to do with a refusal but show it: throws a ReadFault. */
export async function read(
  what: string,
  send: (signal: AbortSignal) => PromiseLike<Answer>,
  options: CallOptions = {},
): Promise<{ data: unknown; count: number | null }> {
  const answer = await ask(what, send, options);
  if (!answer.ok) throw new ReadFault(answer);
  return answer;
}

const unreachable = (what: string): Refusal =>
  refusal(
    0,
    "unreachable",
    `Could not ${what}: the server was not reached.`,
    "Check the network connection; what is shown keeps its age.",
  );

const noAnswer = (what: string, limitMs: number): Refusal =>
  refusal(
    0,
    "no_answer",
    `Could not ${what}: no answer within ${Math.round(limitMs / 1000)} s.`,
    "The server may be busy or the network slow; try again.",
  );

/** Status and code decide; the words of a fault are never parsed. */
function refusalFrom(what: string, error: NonNullable<Answer["error"]>, status: number): Refusal {
  if (status === 401) {
    return refusal(401, "signed_out", `Could not ${what}: you are signed out.`, "Sign in again.");
  }
  if (status >= 500) {
    const code = error.code || "server_fault";
    return refusal(status, code, `Could not ${what}: the server failed (${status}).`, error.message ?? null);
  }
  const refused = refusal(
    status,
    error.code || `http_${status}`,
    error.message || `Could not ${what}: the server refused (${status}).`,
    error.hint ?? null,
  );
  // Facts are ours; what Postgres itself says there is text.
  return typeof error.details === "object" && error.details !== null
    ? { ...refused, details: error.details }
    : refused;
}
