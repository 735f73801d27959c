/**
 * Sessions and their refresh tokens. A token is good once. Tabs and servers of one person race, so its second use within
 * the reuse window gives the token that replaced it; a use after the window means a stolen copy and ends the session.
 * The session row is locked first, so two refreshes of one session never run at the same time.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { AuthRefusal } from "./auth-refusal.ts";
import { inTransaction } from "./transaction.ts";
import type { UserRow } from "./user-row.ts";
import { isBanned } from "./users.ts";

export type Session = { id: string; createdAt: Date; refreshToken: string };
export type LogoutScope = "global" | "local" | "others";

const NOT_FOUND = "Invalid Refresh Token: Refresh Token Not Found";

/** Opens a session with its first refresh token and notes the sign-in on the user. */
export async function openSession(pool: Pool, user: UserRow): Promise<{ session: Session; user: UserRow }> {
  return inTransaction(pool, async (client) => {
    const id = randomUUID();
    const { rows } = await client.query<UserRow>(
      "update auth.users set last_sign_in_at = now(), updated_at = now() where id = $1 and deleted_at is null returning *",
      [user.id],
    );
    const [signedIn] = rows;
    if (!signedIn) throw new AuthRefusal(400, "invalid_credentials", "Invalid login credentials");
    const created = await client.query<{ created_at: Date }>(
      "insert into auth.sessions (id, user_id, created_at, updated_at, aal) values ($1, $2, now(), now(), 'aal1') returning created_at",
      [id, user.id],
    );
    const createdAt = created.rows[0]?.created_at ?? new Date(0);
    const refreshToken = await addToken(client, id, user.id, null);
    return { session: { id, createdAt, refreshToken }, user: signedIn };
  });
}

/** Exchanges a refresh token for the next one. Refusals that end a session are committed before they are thrown. */
export async function refreshSession(
  pool: Pool,
  token: string,
  options: { reuseWindowMs: number; now: number },
): Promise<{ session: Session; user: UserRow }> {
  const outcome = await inTransaction(pool, (client) => exchange(client, token, options));
  if (outcome instanceof AuthRefusal) throw outcome;
  return outcome;
}

type TokenRow = { revoked: unknown; age_ms: string; session_id: string };
type SessionRow = { id: string; created_at: Date; user_id: string; is_over: unknown };

async function exchange(
  client: PoolClient,
  token: string,
  { reuseWindowMs, now }: { reuseWindowMs: number; now: number },
): Promise<{ session: Session; user: UserRow } | AuthRefusal> {
  const session = await lockSession(client, token);
  const used = await client.query<TokenRow>(
    "select revoked, session_id, extract(epoch from clock_timestamp() - updated_at) * 1000 as age_ms from auth.refresh_tokens where token = $1",
    [token],
  );
  const [row] = used.rows;
  if (!session || !row) return new AuthRefusal(400, "refresh_token_not_found", NOT_FOUND);
  const { rows } = await client.query<UserRow>(
    "select * from auth.users where id = $1 and deleted_at is null",
    [session.user_id],
  );
  const [user] = rows;
  if (!user) return new AuthRefusal(400, "user_not_found", "User from refresh token does not exist");
  if (isBanned(user, now)) return new AuthRefusal(400, "user_banned", "User is banned");
  if (session.is_over !== false)
    return new AuthRefusal(400, "session_expired", "Invalid Refresh Token: Session Expired");
  const made = (refreshToken: string) => ({
    session: { id: session.id, createdAt: session.created_at, refreshToken },
    user,
  });
  if (row.revoked === false) return made(await rotate(client, session, token));
  if (Number(row.age_ms) <= reuseWindowMs) return made(await currentToken(client, session));
  await client.query("delete from auth.sessions where id = $1", [session.id]);
  return new AuthRefusal(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
}

async function lockSession(client: PoolClient, token: string): Promise<SessionRow | undefined> {
  const { rows } = await client.query<SessionRow>(
    `select s.id, s.created_at, s.user_id, coalesce(s.not_after <= now(), false) as is_over
     from auth.sessions s where s.id = (select session_id from auth.refresh_tokens where token = $1) for update`,
    [token],
  );
  return rows[0];
}

async function rotate(client: PoolClient, session: SessionRow, token: string): Promise<string> {
  await client.query(
    "update auth.refresh_tokens set revoked = true, updated_at = clock_timestamp() where token = $1",
    [token],
  );
  await client.query(
    "update auth.sessions set refreshed_at = now() at time zone 'utc', updated_at = now() where id = $1",
    [session.id],
  );
  return addToken(client, session.id, session.user_id, token);
}

async function currentToken(client: PoolClient, session: SessionRow): Promise<string> {
  const { rows } = await client.query<{ token: string }>(
    "select token from auth.refresh_tokens where session_id = $1 and not revoked order by id desc limit 1",
    [session.id],
  );
  return rows[0]?.token ?? addToken(client, session.id, session.user_id, null);
}

async function addToken(
  client: PoolClient,
  sessionId: string,
  userId: string,
  parent: string | null,
): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await client.query(
    `insert into auth.refresh_tokens (instance_id, token, user_id, revoked, created_at, updated_at, parent, session_id)
     values ('00000000-0000-0000-0000-000000000000', $1, $2, false, clock_timestamp(), clock_timestamp(), $3, $4)`,
    [token, userId, parent, sessionId],
  );
  return token;
}

/** Ends this session, all others of the person, or all; their refresh tokens go with them. */
export async function endSessions(
  db: Pool | PoolClient,
  userId: string,
  sessionId: string,
  scope: LogoutScope,
): Promise<void> {
  await db.query(
    `delete from auth.sessions where user_id = $1
       and ($3 = 'global' or ($3 = 'local' and id = $2) or ($3 = 'others' and id <> $2))`,
    [userId, sessionId, scope],
  );
}

/** Whether the session a token names still exists, belongs to this user and has not run out. */
export async function isSessionOpen(pool: Pool, userId: string, sessionId: string): Promise<boolean> {
  const { rows } = await pool.query(
    "select 1 from auth.sessions where id = $1 and user_id = $2 and (not_after is null or not_after > now())",
    [sessionId, userId],
  );
  return rows.length === 1;
}
