import type { IncomingMessage, ServerResponse } from "node:http";
import { AuthRefusal } from "./auth-refusal.ts";

const API_VERSION = "2024-01-01";
const MAX_BODY_BYTES = 64 * 1024;

export type Body = Record<string, unknown>;
/** One request as the routes see it; `path` begins after `/auth/v1`. */
export type AuthRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  bearer: string | undefined;
  body: Body;
};

/** Reads a request whole; refuses a body that is too long or is no JSON object. */
export async function readRequest(req: IncomingMessage): Promise<AuthRequest> {
  const url = new URL(req.url ?? "/", "http://auth.invalid");
  const path = url.pathname.replace(/^\/auth\/v1(?=\/|$)/, "").replace(/\/+$/, "");
  const bearer = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? "")?.[1];
  return { method: req.method ?? "GET", path, query: url.searchParams, bearer, body: await readBody(req) };
}

/** Sends JSON with the version header by which auth-js reads `code`. */
export function send(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  const type = body === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
  res.writeHead(status, {
    ...type,
    "x-supabase-api-version": API_VERSION,
    "cache-control": "no-store",
    ...headers,
  });
  res.end(text);
}

/** A text field of the body. A NUL cannot be stored by Postgres, so such a text counts as absent. */
export function textOf(body: Body, name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" && value !== "" && !value.includes("\0") ? value : undefined;
}

/** A JSON object field of the body, such as metadata. */
export function objectOf(body: Body, name: string): Body | undefined {
  const value = body[name];
  return isObject(value) ? value : undefined;
}

async function readBody(req: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new AuthRefusal(413, "validation_failed", "Request body too large");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return {};
  const parsed = parseJson(text);
  if (!isObject(parsed))
    throw new AuthRefusal(400, "bad_json", "Could not parse request body as JSON object");
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AuthRefusal(400, "bad_json", "Could not parse request body as JSON");
  }
}

function isObject(value: unknown): value is Body {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
