import type { IncomingMessage, ServerResponse } from "node:http";

const EXPOSED = [
  "Content-Encoding",
  "Content-Location",
  "Content-Range",
  "Content-Type",
  "Date",
  "Location",
  "Preference-Applied",
  "Range-Unit",
  "X-Supabase-Api-Version",
];

/**
 * Lets pages of any origin call the gateway. The requested header list is echoed because `*` would not cover
 * `Authorization`. Returns true when the request was a preflight and is answered.
 */
export function applyCors(req: IncomingMessage, res: ServerResponse): boolean {
  res.setHeader("Access-Control-Allow-Origin", "*");
  res.setHeader("Access-Control-Expose-Headers", EXPOSED.join(", "));
  if (req.method !== "OPTIONS" || req.headers["access-control-request-method"] === undefined) return false;
  res.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  res.setHeader(
    "Access-Control-Allow-Headers",
    req.headers["access-control-request-headers"] ?? "authorization, apikey, content-type",
  );
  res.setHeader("Access-Control-Max-Age", "3600");
  res.setHeader("Vary", "Access-Control-Request-Headers");
  res.writeHead(204).end();
  return true;
}
