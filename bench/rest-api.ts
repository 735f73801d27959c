import type { StackInfo } from "#supabase/local/stack.ts";

const WITHIN_MS = 15_000;

/** One call over HTTP, as any program makes it; throws with the answer when it is refused. */
export async function call<Answer>(
  stack: StackInfo,
  path: string,
  token: string | null,
  body: unknown,
): Promise<Answer> {
  const key = token ?? stack.secretKey;
  const response = await fetch(`${stack.apiUrl}${path}`, {
    method: "POST",
    headers: {
      apikey: token === null ? stack.secretKey : stack.publishableKey,
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** Token of a person who signs in with a password. */
export async function signInToken(stack: StackInfo, email: string, password: string): Promise<string> {
  const path = "/auth/v1/token?grant_type=password";
  const { access_token } = await call<{ access_token: string }>(stack, path, stack.publishableKey, {
    email,
    password,
  });
  return access_token;
}
