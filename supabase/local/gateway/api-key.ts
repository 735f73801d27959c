/** API keys at the door: opaque keys become the tokens PostgREST verifies, a person's own token passes unchanged. */
import type { IncomingHttpHeaders } from "node:http";
import type { Keys } from "../keys.ts";

type ApiKeys = Pick<Keys, "publishableKey" | "secretKey" | "anonJwt" | "serviceJwt">;

export type Admission =
  | { ok: true; authorization: string }
  | { ok: false; code: string; message: string; hint: string };

/** Decides on a request by its `apikey` (header, or `apikey` in the query) and `Authorization` header. */
export function admit(headers: IncomingHttpHeaders, query: URLSearchParams, keys: ApiKeys): Admission {
  const header = headers["apikey"];
  const apiKey = (Array.isArray(header) ? header[0] : header) ?? query.get("apikey") ?? "";
  if (apiKey === "") {
    return refusal("No API key found in request", "No `apikey` request header or url param was found.");
  }
  const token = tokenOf(apiKey, keys);
  if (token === null) {
    return refusal("Invalid API key", "Use the publishable or secret key the stack printed when it started.");
  }
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1]?.trim();
  if (bearer === undefined || bearer === apiKey) return { ok: true, authorization: `Bearer ${token}` };
  if (bearer.startsWith("sb_")) {
    return refusal(
      "Invalid Authorization header",
      "An API key belongs into `apikey`, a person's token here.",
    );
  }
  return { ok: true, authorization: `Bearer ${bearer}` };
}

function tokenOf(apiKey: string, keys: ApiKeys): string | null {
  if (apiKey === keys.publishableKey || apiKey === keys.anonJwt) return keys.anonJwt;
  if (apiKey === keys.secretKey || apiKey === keys.serviceJwt) return keys.serviceJwt;
  return null;
}

function refusal(message: string, hint: string): Admission {
  return { ok: false, code: "invalid_api_key", message, hint };
}
