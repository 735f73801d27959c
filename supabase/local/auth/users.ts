import type { Pool, PoolClient } from "pg";
import { AuthRefusal } from "./auth-refusal.ts";
import { hashOf } from "./passwords.ts";
import type { UserRow } from "./user-row.ts";

/** What may be written to a user; an absent field stays as it is, metadata is merged and a null in it removes a key. */
export type UserChange = {
  email?: string;
  password?: string;
  role?: string;
  isEmailConfirmed?: boolean;
  appMetadata?: Record<string, unknown>;
  userMetadata?: Record<string, unknown>;
  /** "none" lifts a ban. */
  bannedUntil?: Date | "none";
};

type Db = Pool | PoolClient;

/** The user as clients see it. */
export function toUser(row: UserRow): Record<string, unknown> {
  return {
    id: row.id,
    aud: row.aud || "authenticated",
    role: row.role || "authenticated",
    email: row.email ?? "",
    email_confirmed_at: row.email_confirmed_at ?? undefined,
    phone: "",
    confirmed_at: row.email_confirmed_at ?? undefined,
    last_sign_in_at: row.last_sign_in_at ?? undefined,
    app_metadata: row.raw_app_meta_data ?? {},
    user_metadata: row.raw_user_meta_data ?? {},
    identities: [],
    created_at: row.created_at,
    updated_at: row.updated_at,
    banned_until: row.banned_until ?? undefined,
    deleted_at: row.deleted_at ?? undefined,
    is_anonymous: row.is_anonymous === true,
  };
}

/** Whether sign-in, refresh and reading are closed to this user at `now` (milliseconds of the epoch). */
export function isBanned(row: UserRow, now: number): boolean {
  return row.banned_until !== null && new Date(row.banned_until).getTime() > now;
}

/** The user with this id, deleted ones included; undefined when there is none. */
export async function findUser(db: Db, id: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>("select * from auth.users where id = $1", [id]);
  return rows[0];
}

/** Creates a user; refused with email_exists when the address is taken in any letter case. */
export async function createUser(
  db: Db,
  id: string,
  change: UserChange & { email: string },
): Promise<UserRow> {
  const insert = db.query(
    `insert into auth.users (id, instance_id, aud, role, email, encrypted_password, raw_app_meta_data, raw_user_meta_data,
       created_at, updated_at, confirmation_token, recovery_token, email_change_token_new, email_change)
     values ($1, '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', $2, '',
       '{"provider": "email", "providers": ["email"]}', '{}', now(), now(), '', '', '', '')`,
    [id, change.email.toLowerCase()],
  );
  await insert.catch(emailTaken);
  return updateUser(db, id, change);
}

/** Applies a change to a user and returns the user as it is now; refused with user_not_found or email_exists. */
export async function updateUser(db: Db, id: string, change: UserChange): Promise<UserRow> {
  const update = db.query<UserRow>(
    `update auth.users set
       email = coalesce($2, email),
       encrypted_password = case when $3::text is null then encrypted_password else ${hashOf("$3")} end,
       role = coalesce($4, role),
       email_confirmed_at = case when $5 then coalesce(email_confirmed_at, now()) else email_confirmed_at end,
       raw_app_meta_data = jsonb_strip_nulls(coalesce(raw_app_meta_data, '{}') || $6),
       raw_user_meta_data = jsonb_strip_nulls(coalesce(raw_user_meta_data, '{}') || $7),
       banned_until = case when $8 then $9 else banned_until end,
       updated_at = now()
     where id = $1 and deleted_at is null returning *`,
    [
      id,
      change.email?.toLowerCase() ?? null,
      change.password ?? null,
      change.role ?? null,
      change.isEmailConfirmed === true,
      JSON.stringify(change.appMetadata ?? {}),
      JSON.stringify(change.userMetadata ?? {}),
      change.bannedUntil !== undefined,
      change.bannedUntil instanceof Date ? change.bannedUntil : null,
    ],
  );
  const { rows } = await update.catch(emailTaken);
  const [row] = rows;
  if (!row) throw new AuthRefusal(404, "user_not_found", "User not found");
  return row;
}

/** One page of users, newest first, and how many there are. */
export async function listUsers(
  db: Db,
  page: number,
  perPage: number,
): Promise<{ rows: UserRow[]; total: number }> {
  const { rows } = await db.query<UserRow>(
    "select * from auth.users where deleted_at is null order by created_at desc, id limit $1 offset $2",
    [perPage, (page - 1) * perPage],
  );
  const counted = await db.query<{ total: string }>(
    "select count(*) as total from auth.users where deleted_at is null",
  );
  return { rows, total: Number(counted.rows[0]?.total ?? 0) };
}

/** Deletes a user, or only marks and anonymizes the row when `isSoft`; refused when other rows still need the user. */
export async function deleteUser(db: Db, id: string, isSoft: boolean): Promise<void> {
  const sql = isSoft
    ? `update auth.users set deleted_at = now(), updated_at = now(), email = md5(coalesce(email, '')), encrypted_password = ''
       where id = $1 and deleted_at is null`
    : "delete from auth.users where id = $1";
  const { rowCount } = await db.query(sql, [id]).catch((error: unknown) => {
    if (Reflect.get(Object(error), "code") !== "23503") throw error;
    throw new AuthRefusal(
      409,
      "conflict",
      "User cannot be deleted, other records refer to it; disable it instead",
    );
  });
  if (rowCount === 0) throw new AuthRefusal(404, "user_not_found", "User not found");
  if (isSoft) await db.query("delete from auth.sessions where user_id = $1", [id]);
}

/** The unique index over addresses, which are written in lower case, decides who was first. */
function emailTaken(error: unknown): never {
  const { code, constraint } = Object(error) as { code?: unknown; constraint?: unknown };
  if (code !== "23505" || constraint !== "users_email_partial_key") throw error;
  throw new AuthRefusal(422, "email_exists", "A user with this email address has already been registered");
}
