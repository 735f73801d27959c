import { type Refusal, type Result, refusal } from "#lib/result.ts";
import type { Client } from "./call.ts";

/** Signs a person in; on a server client the session cookies are set on the answer. */
export async function signIn(client: Client, email: string, password: string): Promise<Result> {
  const { error } = await client.auth.signInWithPassword({ email, password });
  return error === null ? { ok: true } : authRefusal(error);
}

export async function signOut(client: Client): Promise<Result> {
  const { error } = await client.auth.signOut({ scope: "local" });
  return error === null ? { ok: true } : authRefusal(error);
}

/** Who the session's token says is asking, checked against the project's signing keys; null when signed out. */
export async function signedInUserId(client: Client): Promise<string | null> {
  const { data } = await client.auth.getClaims();
  return data?.claims.sub ?? null;
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
