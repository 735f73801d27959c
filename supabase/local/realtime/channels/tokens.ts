/** Turns tokens into claims and failures into the words the hosted server uses for them. */
import { errors } from "jose";
import type { Claims } from "../../keys.ts";
import type { Parsed } from "./filter.ts";

export type VerifyToken = (tokenOrApiKey: string) => Promise<Claims>;

/** The claims of a token, or why it is refused as `Code: sentence`. */
export async function readClaims(verify: VerifyToken, token: string): Promise<Parsed<Claims>> {
  try {
    return { ok: true, value: await verify(token) };
  } catch (error) {
    return { ok: false, message: tokenRefusal(error) };
  }
}

/** What the hosted server says when a token ends while a channel holds it. */
export function expiredMessage(expiredAtS: number): string {
  return `Token has expired ${Math.max(0, Math.floor(Date.now() / 1000) - expiredAtS)} seconds ago`;
}

function tokenRefusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return `InvalidJWTToken: ${expiredMessage(error.payload.exp ?? 0)}`;
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return "JwtSignatureError: Failed to validate JWT signature";
  }
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    return "MalformedJWT: The token provided is not a valid JWT";
  }
  return `InvalidJWTToken: ${error instanceof Error ? error.message : String(error)}`;
}
