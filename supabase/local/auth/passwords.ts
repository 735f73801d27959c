/** bcrypt runs inside Postgres (pgcrypto), so hashes are the ones hosted Supabase writes and nothing here compares them. */
import type { Pool } from "pg";
import { AuthRefusal } from "./auth-refusal.ts";
import type { UserRow } from "./user-row.ts";

const MIN_LENGTH = 6;
/** bcrypt ignores what comes after. */
const MAX_BYTES = 72;
/** Hash of a random text nobody knows: unknown e-mails cost the same work as known ones. */
const NOBODY = "$2a$10$j1oHp0SDGdFsCpZMOA.fauCPynNeQTbL8rrtSvthhSMd7sG5um0hi";

/** Expression that hashes parameter `$n` at the work factor of hosted Supabase. */
export const hashOf = (parameter: string): string =>
  `extensions.crypt(${parameter}, extensions.gen_salt('bf', 10))`;

/** The user whose password this is, or undefined; takes as long for an e-mail nobody has. */
export async function findByPassword(
  pool: Pool,
  email: string,
  password: string,
): Promise<UserRow | undefined> {
  const { rows } = await pool.query<UserRow & { matches: unknown }>(
    `select u.*, extensions.crypt($2, coalesce(u.hash, $3)) = u.hash as matches
     from (select 1) as always
     left join lateral (
       select *, nullif(encrypted_password::text, '') as hash from auth.users
       where lower(email) = lower($1) and deleted_at is null and not is_sso_user
     ) u on true`,
    [email, password, NOBODY],
  );
  const [row] = rows;
  // Only the boolean true: a pool with other type parsers hands over 'f', which is truthy.
  return row && row.matches === true ? row : undefined;
}

/** Whether `password` is the one the user has now. */
export async function isPasswordOf(pool: Pool, userId: string, password: string): Promise<boolean> {
  const { rows } = await pool.query<{ matches: unknown }>(
    "select extensions.crypt($2, encrypted_password) = encrypted_password as matches from auth.users where id = $1 and encrypted_password <> ''",
    [userId, password],
  );
  return rows[0]?.matches === true;
}

/** Refuses a new password that is too short or longer than bcrypt can see. */
export function refuseWeakPassword(password: string): void {
  if (Buffer.byteLength(password) > MAX_BYTES) {
    throw new AuthRefusal(400, "validation_failed", `Password cannot be longer than ${MAX_BYTES} bytes`);
  }
  if (password.length < MIN_LENGTH) {
    throw new AuthRefusal(422, "weak_password", `Password should be at least ${MIN_LENGTH} characters.`, {
      weak_password: { reasons: ["length"] },
    });
  }
}
