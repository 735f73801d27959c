import type { StackInfo } from "#supabase/local/stack.ts";

type Answer = { status: number; body: Record<string, unknown> };
type Person = { email: string; password: string };

const LIMIT_MS = 10_000;

/** Calls a database function over HTTP as a person, past every screen; or with the secret key, as a controller does. */
export async function callRpc(
  stack: StackInfo,
  who: Person | "controller",
  name: string,
  args: object,
): Promise<Answer> {
  const token = who === "controller" ? stack.secretKey : await tokenOf(stack, who);
  const response = await fetch(`${stack.apiUrl}/rest/v1/rpc/${name}`, {
    method: "POST",
    headers: {
      apikey: who === "controller" ? stack.secretKey : stack.publishableKey,
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(args),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function tokenOf(stack: StackInfo, { email, password }: Person): Promise<string> {
  const response = await fetch(`${stack.apiUrl}/auth/v1/token?grant_type=password`, {
    method: "POST",
    headers: { apikey: stack.publishableKey, "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
