/** `/admin/users`: for the holder of the secret key only. */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { AuthRefusal } from "./auth-refusal.ts";
import type { AuthContext } from "./context.ts";
import { refuseWeakPassword } from "./passwords.ts";
import { type AuthRequest, type Body, objectOf, send, textOf } from "./request.ts";
import { endSessions } from "./sessions.ts";
import { readBearer } from "./tokens.ts";
import { inTransaction } from "./transaction.ts";
import { createUser, deleteUser, findUser, listUsers, toUser, type UserChange, updateUser } from "./users.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NO_SESSION = "00000000-0000-0000-0000-000000000000";
const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Routes a request below `/admin/users`; `id` is the rest of its path. */
export async function adminUsers(
  context: AuthContext,
  request: AuthRequest,
  res: ServerResponse,
  id: string,
): Promise<void> {
  const claims = await readBearer(context.keys, request.bearer);
  if (claims.role !== "service_role") throw new AuthRefusal(403, "not_admin", "User not allowed");
  if (id === "" && request.method === "POST") return create(context, request, res);
  if (id === "" && request.method === "GET") return list(context, request, res);
  if (!UUID.test(id)) throw new AuthRefusal(404, "validation_failed", "@param userId must be an UUID");
  if (request.method === "GET") return get(context, res, id);
  if (request.method === "PUT") return update(context, request, res, id);
  if (request.method === "DELETE") return remove(context, request, res, id);
  throw new AuthRefusal(405, "validation_failed", `Method ${request.method} is not allowed here`);
}

async function create({ pool, now }: AuthContext, { body }: AuthRequest, res: ServerResponse): Promise<void> {
  const email = textOf(body, "email");
  if (!email?.includes("@"))
    throw new AuthRefusal(400, "validation_failed", "Cannot create a user without an email");
  const id = textOf(body, "id") ?? randomUUID();
  if (!UUID.test(id)) throw new AuthRefusal(400, "validation_failed", "id must be a valid UUID");
  const change = { ...readChange(body, now()), email };
  const row = await inTransaction(pool, (client) => createUser(client, id, change));
  send(res, 200, toUser(row));
}

async function list({ pool }: AuthContext, { query }: AuthRequest, res: ServerResponse): Promise<void> {
  const page = positive(query.get("page"), 1);
  const perPage = Math.min(positive(query.get("per_page"), 50), 1000);
  const { rows, total } = await listUsers(pool, page, perPage);
  const last = Math.max(1, Math.ceil(total / perPage));
  const link = (to: number, rel: string): string =>
    `</admin/users?page=${to}&per_page=${perPage}>; rel="${rel}"`;
  const links = page < last ? [link(page + 1, "next"), link(last, "last")] : [link(last, "last")];
  const headers = { "x-total-count": String(total), link: links.join(", ") };
  send(res, 200, { users: rows.map(toUser), aud: "authenticated" }, headers);
}

async function get({ pool }: AuthContext, res: ServerResponse, id: string): Promise<void> {
  const row = await findUser(pool, id);
  if (!row) throw new AuthRefusal(404, "user_not_found", "User not found");
  send(res, 200, toUser(row));
}

/** A new password set by an administrator ends the person's sessions; a banned person keeps them, closed until the ban ends. */
async function update(
  { pool, now }: AuthContext,
  { body }: AuthRequest,
  res: ServerResponse,
  id: string,
): Promise<void> {
  const change = readChange(body, now());
  const row = await inTransaction(pool, async (client) => {
    const changed = await updateUser(client, id, change);
    if (change.password !== undefined) await endSessions(client, id, NO_SESSION, "global");
    return changed;
  });
  send(res, 200, toUser(row));
}

async function remove(
  { pool }: AuthContext,
  { body }: AuthRequest,
  res: ServerResponse,
  id: string,
): Promise<void> {
  await inTransaction(pool, (client) => deleteUser(client, id, body["should_soft_delete"] === true));
  send(res, 200, {});
}

function readChange(body: Body, now: number): UserChange {
  const change: UserChange = {};
  const [email, password, role] = [textOf(body, "email"), textOf(body, "password"), textOf(body, "role")];
  const [app, user] = [objectOf(body, "app_metadata"), objectOf(body, "user_metadata")];
  const ban = textOf(body, "ban_duration");
  if (email !== undefined) change.email = email;
  if (password !== undefined) {
    refuseWeakPassword(password);
    change.password = password;
  }
  if (role !== undefined) change.role = role;
  if (body["email_confirm"] === true) change.isEmailConfirmed = true;
  if (app !== undefined) change.appMetadata = app;
  if (user !== undefined) change.userMetadata = user;
  if (ban !== undefined) change.bannedUntil = ban === "none" ? "none" : new Date(now + durationMs(ban));
  return change;
}

/** Milliseconds of a duration as auth-js documents them for `ban_duration`: `300ms`, `2h45m`. */
function durationMs(text: string): number {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    throw new AuthRefusal(400, "validation_failed", `invalid format for ban duration: "${text}"`);
  }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0), 0);
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}
