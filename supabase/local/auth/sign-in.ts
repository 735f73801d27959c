import type { ServerResponse } from "node:http";
import { AuthRefusal } from "./auth-refusal.ts";
import type { AuthContext } from "./context.ts";
import { findByPassword } from "./passwords.ts";
import { type AuthRequest, send, textOf } from "./request.ts";
import { openSession, refreshSession } from "./sessions.ts";
import { grantOf } from "./tokens.ts";
import { isBanned } from "./users.ts";

/** `POST /token?grant_type=password|refresh_token`. */
export async function postToken(
  context: AuthContext,
  request: AuthRequest,
  res: ServerResponse,
): Promise<void> {
  const grant = request.query.get("grant_type");
  if (grant === "password") return signIn(context, request, res);
  if (grant === "refresh_token") return refresh(context, request, res);
  throw new AuthRefusal(400, "validation_failed", `Unsupported grant_type "${grant ?? ""}"`);
}

async function signIn(context: AuthContext, { body }: AuthRequest, res: ServerResponse): Promise<void> {
  const email = textOf(body, "email")?.trim().toLowerCase();
  const password = textOf(body, "password");
  if (email === undefined || password === undefined) throw invalidCredentials();
  if (context.attempts.isClosed(email))
    throw new AuthRefusal(429, "over_request_rate_limit", "Request rate limit reached");
  const user = await findByPassword(context.pool, email, password);
  if (!user) {
    context.attempts.recordFailure(email);
    throw invalidCredentials();
  }
  context.attempts.forget(email);
  if (isBanned(user, context.now())) throw new AuthRefusal(400, "user_banned", "User is banned");
  if (!user.email_confirmed_at) throw new AuthRefusal(400, "email_not_confirmed", "Email not confirmed");
  const opened = await openSession(context.pool, user);
  send(
    res,
    200,
    await grantOf(context.keys, opened.session, opened.user, { ...context, now: context.now() }),
  );
}

async function refresh(context: AuthContext, { body }: AuthRequest, res: ServerResponse): Promise<void> {
  const token = textOf(body, "refresh_token");
  if (token === undefined) throw new AuthRefusal(400, "validation_failed", "refresh_token required");
  const { reuseWindowMs } = context;
  const { session, user } = await refreshSession(context.pool, token, { reuseWindowMs, now: context.now() });
  send(res, 200, await grantOf(context.keys, session, user, { ...context, now: context.now() }));
}

function invalidCredentials(): AuthRefusal {
  return new AuthRefusal(400, "invalid_credentials", "Invalid login credentials");
}
