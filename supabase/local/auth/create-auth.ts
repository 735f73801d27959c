/**
 * The part of Supabase Auth that Pulseboard uses, for the embedded development stack only: password sign-in, refresh with
 * rotation, the signed-in account, sign-out, administration of users and the public key. Addresses, error codes and token
 * claims are those of the hosted service; supabase/local/auth/*.stack.test.ts holds them with the unmodified client.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Pool } from "pg";
import type { Keys } from "../keys.ts";
import { adminUsers } from "./admin.ts";
import { AttemptLimit } from "./attempt-limit.ts";
import { AuthRefusal } from "./auth-refusal.ts";
import type { AuthContext } from "./context.ts";
import { type AuthRequest, readRequest, send } from "./request.ts";
import { postToken } from "./sign-in.ts";
import { getUser, logout, putUser } from "./signed-in.ts";

export type AuthOptions = {
  /** Connections that may read and write schema auth. */
  pool: Pool;
  keys: Keys;
  log?: (line: string) => void;
  now?: () => number;
  /** Life of an access token, seconds. */
  lifetimeSeconds?: number;
  /** How long a used refresh token still gives its successor, milliseconds. */
  reuseWindowMs?: number;
  /** Wrong passwords per e-mail, and the milliseconds after which they are forgotten. */
  wrongPasswords?: { limit: number; windowMs: number };
};
export type Auth = { handle(req: IncomingMessage, res: ServerResponse): Promise<void> };

type Route = (context: AuthContext, request: AuthRequest, res: ServerResponse) => Promise<void> | void;

const ROUTES: Record<string, Route> = {
  "POST /token": postToken,
  "GET /user": getUser,
  "PUT /user": putUser,
  "POST /logout": logout,
  "GET /.well-known/jwks.json": (context, _request, res) =>
    send(res, 200, context.keys.publicJwks, { "cache-control": "public, max-age=600" }),
  "GET /health": async (context, _request, res) => {
    await context.pool.query("select 1");
    send(res, 200, {
      name: "Pulseboard embedded auth",
      version: "v2-subset",
      description: "development only",
    });
  },
  "POST /signup": () => {
    throw new AuthRefusal(422, "signup_disabled", "Signups not allowed for this instance");
  },
};

/** Creates the service; `handle` answers one request whose path is, or begins with, `/auth/v1`, and never throws. */
export function createAuth(options: AuthOptions): Auth {
  const now = options.now ?? Date.now;
  const { limit, windowMs } = options.wrongPasswords ?? { limit: 10, windowMs: 5 * 60_000 };
  const context: AuthContext = {
    pool: options.pool,
    keys: options.keys,
    now,
    lifetimeSeconds: options.lifetimeSeconds ?? 3600,
    reuseWindowMs: options.reuseWindowMs ?? 10_000,
    attempts: new AttemptLimit(limit, windowMs, now),
  };
  return {
    handle: async (req, res) => {
      try {
        await route(context, await readRequest(req), res);
      } catch (error) {
        answerError(error, res, options.log);
      }
    },
  };
}

async function route(context: AuthContext, request: AuthRequest, res: ServerResponse): Promise<void> {
  const admin = /^\/admin\/users(?:\/([^/]+))?$/.exec(request.path);
  if (admin) return adminUsers(context, request, res, admin[1] ?? "");
  const found = ROUTES[`${request.method} ${request.path}`];
  if (!found)
    throw new AuthRefusal(
      404,
      "validation_failed",
      `${request.method} ${request.path} is not part of the embedded auth service`,
    );
  await found(context, request, res);
}

/** A refusal goes out as it is; anything else is a fault, which auth-js may retry, and is logged. */
function answerError(error: unknown, res: ServerResponse, log: AuthOptions["log"]): void {
  if (res.headersSent) {
    res.destroy();
  } else if (error instanceof AuthRefusal) {
    send(res, error.status, { code: error.code, message: error.message, ...error.extra });
  } else {
    log?.(`auth: ${error instanceof Error ? error.message : String(error)}`);
    send(res, 500, { code: "unexpected_failure", message: "Internal Server Error" });
  }
}
