/** What a person does with a token of their own: read and change the account, sign out. */
import type { ServerResponse } from "node:http";
import { AuthRefusal } from "./auth-refusal.ts";
import type { AuthContext } from "./context.ts";
import { isPasswordOf, refuseWeakPassword } from "./passwords.ts";
import { type AuthRequest, objectOf, send, textOf } from "./request.ts";
import { endSessions, isSessionOpen, type LogoutScope } from "./sessions.ts";
import { readBearer } from "./tokens.ts";
import { inTransaction } from "./transaction.ts";
import type { UserRow } from "./user-row.ts";
import { findUser, isBanned, toUser, type UserChange, updateUser } from "./users.ts";

type Person = { user: UserRow; sessionId: string };

/** `GET /user`: the account as the database has it now, so a signed-out or disabled person gets no answer. */
export async function getUser(
  context: AuthContext,
  request: AuthRequest,
  res: ServerResponse,
): Promise<void> {
  const { user } = await authenticate(context, request);
  send(res, 200, toUser(user));
}

/** `PUT /user`: e-mail, password and own metadata; a new password ends the person's other sessions. */
export async function putUser(
  context: AuthContext,
  request: AuthRequest,
  res: ServerResponse,
): Promise<void> {
  const { user, sessionId } = await authenticate(context, request);
  const { body } = request;
  if (body["app_metadata"] !== undefined || body["role"] !== undefined) {
    throw new AuthRefusal(403, "not_admin", "Updating app_metadata and role requires admin privileges");
  }
  const change: UserChange = {};
  const [email, password, data] = [textOf(body, "email"), textOf(body, "password"), objectOf(body, "data")];
  if (email !== undefined) change.email = email;
  if (data !== undefined) change.userMetadata = data;
  if (password !== undefined) {
    refuseWeakPassword(password);
    if (await isPasswordOf(context.pool, user.id, password)) {
      throw new AuthRefusal(422, "same_password", "New password should be different from the old password.");
    }
    change.password = password;
  }
  const changed = await inTransaction(context.pool, async (client) => {
    const row = await updateUser(client, user.id, change);
    if (password !== undefined) await endSessions(client, user.id, sessionId, "others");
    return row;
  });
  send(res, 200, toUser(changed));
}

/** `POST /logout?scope=global|local|others`; without a scope all sessions end. */
export async function logout(context: AuthContext, request: AuthRequest, res: ServerResponse): Promise<void> {
  const { user, sessionId } = await authenticate(context, request);
  const scope = request.query.get("scope") ?? "global";
  if (!isScope(scope)) throw new AuthRefusal(400, "validation_failed", `Unsupported logout scope "${scope}"`);
  await endSessions(context.pool, user.id, sessionId, scope);
  send(res, 204, undefined);
}

async function authenticate({ pool, keys, now }: AuthContext, request: AuthRequest): Promise<Person> {
  const claims = await readBearer(keys, request.bearer);
  if (!claims.sub) throw new AuthRefusal(403, "bad_jwt", "invalid claim: missing sub claim");
  const user = await findUser(pool, claims.sub);
  if (!user || user.deleted_at)
    throw new AuthRefusal(403, "user_not_found", "User from sub claim in JWT does not exist");
  const sessionId = claims.session_id;
  if (!sessionId || !(await isSessionOpen(pool, user.id, sessionId))) {
    throw new AuthRefusal(403, "session_not_found", "Session from session_id claim in JWT does not exist");
  }
  if (isBanned(user, now())) throw new AuthRefusal(403, "user_banned", "User is banned");
  return { user, sessionId };
}

function isScope(scope: string): scope is LogoutScope {
  return scope === "global" || scope === "local" || scope === "others";
}
