import type { Claims, Keys } from "../keys.ts";
import { AuthRefusal } from "./auth-refusal.ts";
import type { Session } from "./sessions.ts";
import type { UserRow } from "./user-row.ts";
import { toUser } from "./users.ts";

/** The answer to a sign-in or refresh, as auth-js stores it. `expires_in` and `expires_at` are seconds. */
export async function grantOf(
  keys: Keys,
  session: Session,
  user: UserRow,
  { lifetimeSeconds, now }: { lifetimeSeconds: number; now: number },
): Promise<Record<string, unknown>> {
  return {
    access_token: await keys.signUserToken(claimsOf(session, user), lifetimeSeconds),
    token_type: "bearer",
    expires_in: lifetimeSeconds,
    expires_at: Math.floor(now / 1000) + lifetimeSeconds,
    refresh_token: session.refreshToken,
    user: toUser(user),
  };
}

function claimsOf(session: Session, user: UserRow): Claims {
  return {
    sub: user.id,
    role: user.role || "authenticated",
    aud: user.aud || "authenticated",
    email: user.email ?? "",
    phone: "",
    session_id: session.id,
    app_metadata: user.raw_app_meta_data ?? {},
    user_metadata: user.raw_user_meta_data ?? {},
    aal: "aal1",
    amr: [{ method: "password", timestamp: Math.floor(new Date(session.createdAt).getTime() / 1000) }],
    is_anonymous: false,
  };
}

/** The claims of the caller's token; refuses a missing, forged, expired or otherwise unusable one. */
export async function readBearer(keys: Keys, bearer: string | undefined): Promise<Claims> {
  if (bearer === undefined)
    throw new AuthRefusal(401, "no_authorization", "This endpoint requires a valid Bearer token");
  try {
    return await keys.verifyToken(bearer);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AuthRefusal(403, "bad_jwt", `invalid JWT: unable to parse or verify signature, ${why}`);
  }
}
