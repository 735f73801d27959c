import { StartFault } from "#scripts/start/start-fault.ts";

type Remote = { url: string; publishableKey: string; secretKey: string | undefined };
type Answer = { status: number; code: string | undefined };

const PATIENCE_MS = 8000;
/** One row of a table that every Pulseboard database has; nobody needs to be signed in to be refused it properly. */
const PROBE = "/rest/v1/machines?select=id&limit=1";

/**
 * Looks whether the project answers, knows both keys and holds our tables; throws a StartFault that says which of these is
 * not so. The secret key is looked at only when there is one.
 */
export async function reachProject(remote: Remote, signal: AbortSignal): Promise<void> {
  const ask = (path: string, key: string): Promise<Answer> => request(remote.url, path, key, signal);
  const health = await ask("/auth/v1/health", remote.publishableKey);
  if (health.status === 401 || health.status === 403) throw keyFault("SUPABASE_PUBLISHABLE_KEY", remote.url);
  if (health.status !== 200) {
    throw new StartFault(
      `${remote.url} is no Supabase project: its /auth/v1/health answered ${health.status}; check SUPABASE_URL.`,
    );
  }
  check(await ask(PROBE, remote.publishableKey), "SUPABASE_PUBLISHABLE_KEY", remote.url);
  if (remote.secretKey === undefined) return;
  check(await ask(PROBE, remote.secretKey), "SUPABASE_SECRET_KEY", remote.url);
}

/** 42501 is the database refusing the row, so the key was accepted; without a code it was the gateway refusing the key. */
function check(answer: Answer, key: "SUPABASE_PUBLISHABLE_KEY" | "SUPABASE_SECRET_KEY", url: string): void {
  if (answer.code === "PGRST205" || answer.code === "42P01") {
    throw new StartFault(
      `the database of ${url} has no Pulseboard tables; apply them with: npm run migrate -- --db <its address>`,
    );
  }
  const isRefusedByDatabase = answer.code === "42501";
  if (isRefusedByDatabase && key === "SUPABASE_PUBLISHABLE_KEY") return;
  if (isRefusedByDatabase || answer.status === 401 || answer.status === 403) throw keyFault(key, url);
  if (answer.status >= 400) {
    throw new StartFault(
      `${url} answered ${answer.status} to ${PROBE}; see whether the project is paused or overloaded.`,
    );
  }
}

function keyFault(key: string, url: string): StartFault {
  return new StartFault(
    `${url} does not accept the key in ${key}; copy it again from your project's API settings.`,
  );
}

async function request(url: string, path: string, key: string, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(`${url}${path}`, {
      headers: { apikey: key },
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    return { status: response.status, code: codeIn(await response.text()) };
  } catch (error) {
    signal.throwIfAborted();
    throw new StartFault(
      `${url} cannot be reached (${reasonOf(error)}); check SUPABASE_URL and the network.`,
    );
  }
}

function codeIn(text: string): string | undefined {
  return /"code"\s*:\s*"([^"]+)"/.exec(text)?.[1];
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${PATIENCE_MS / 1000} s`;
  const cause = error.cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : error.message;
  const words: Record<string, string> = { ECONNREFUSED: "connection refused", ENOTFOUND: "no such host" };
  return words[code] ?? code;
}
