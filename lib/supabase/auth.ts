import { type Refusal, type Result, refusal } from "#lib/result.ts";
import type { SessionToken } from "./browser-session.ts";
import { ask, type ServerClient } from "./call.ts";

/** Who has no profile is nobody to the log; the page tells them so. */
const WITHOUT_PROFILE = "not_signed_in";

/**
 * Signs a person in; on a server client the session cookies are set on the answer. The session begins with its entry in the
 * log, or not at all (rule T26).
 */
export async function signIn(client: ServerClient, email: string, password: string): Promise<Result> {
  const { error } = await client.auth.signInWithPassword({ email, password });
  if (error !== null) return authRefusal(error);
  const recorded = await ask("record the sign-in", (signal) =>
    client.rpc("record_sign_in").abortSignal(signal),
  );
  if (recorded.ok || recorded.code === WITHOUT_PROFILE) return { ok: true };
  await client.auth.signOut({ scope: "local" });
  return recorded.code === "too_many_sign_ins"
    ? { ...recorded, message: "Not signed in: this person signed in 60 times within a minute." }
    : refusal(
        recorded.status,
        "sign_in_not_recorded",
        "Not signed in: the sign-in could not be recorded.",
        "Try again; if it stays so, give support the code.",
      );
}

/** Ends this browser's session; what the log says of it stands in nobody's way out. */
export async function signOut(client: ServerClient): Promise<Result> {
  await ask("record the sign-out", (signal) => client.rpc("record_sign_out").abortSignal(signal));
  const { error } = await client.auth.signOut({ scope: "local" });
  return error === null ? { ok: true } : authRefusal(error);
}

/** Who the session's token says is asking, checked against the project's signing keys; null when signed out. */
export async function signedInUserId(client: ServerClient): Promise<string | null> {
  const { data } = await client.auth.getClaims();
  return data?.claims.sub ?? null;
}

/** The access token that a page of this person may hold, renewed when it is about to end or when `isRenewing`. */
export async function sessionToken(
  client: ServerClient,
  isRenewing: boolean,
): Promise<Result<{ token: SessionToken }>> {
  const { data, error } = isRenewing ? await client.auth.refreshSession() : await client.auth.getSession();
  const { session } = data;
  if (session !== null) {
    const expiresAt = session.expires_at ?? 0;
    const expiresInMs = expiresAt * 1000 - Date.now();
    return { ok: true, token: { accessToken: session.access_token, expiresAt, expiresInMs } };
  }
  return isUnreachable(error)
    ? refusal(503, "auth_unreachable", "The sign-in service did not answer.", "It is tried again by itself.")
    : { ok: true, token: { accessToken: null } };
}

function isUnreachable(error: { name: string; status?: number | undefined } | null): boolean {
  if (error === null || error.name === "AuthSessionMissingError") return false;
  return error.status === undefined || error.status === 0 || error.status >= 500;
}

function authRefusal(error: {
  status?: number | undefined;
  code?: string | undefined;
  message: string;
}): Refusal {
  const status = error.status ?? 0;
  if (status === 0 || status >= 500) {
    return refusal(
      status,
      "auth_unreachable",
      "Not signed in: the sign-in service did not answer.",
      "Check the connection and try again.",
    );
  }
  if (status === 429) {
    return refusal(
      429,
      "too_many_attempts",
      "Not signed in: too many attempts.",
      "Wait a minute and try again.",
    );
  }
  if (error.code === "invalid_credentials" || status === 400) {
    return refusal(
      status,
      "invalid_credentials",
      "Not signed in: email or password is wrong.",
      "Check both and try again.",
    );
  }
  return refusal(status, error.code ?? `auth_${status}`, `Not signed in: ${error.message}`, null);
}
