/** Who may open a websocket: whoever brings an API key, or a token, and speaks a protocol version we speak. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Claims } from "../../keys.ts";
import type { Parsed } from "./filter.ts";
import { type ProtocolVersion, protocolVersion } from "./protocol.ts";
import { readClaims, type VerifyToken } from "./tokens.ts";

/** Reads `?apikey=…&vsn=…` of an upgrade request; the claims are what its channels speak as without a token. */
export async function admit(
  { url = "" }: IncomingMessage,
  verifyToken: VerifyToken,
): Promise<Parsed<{ version: ProtocolVersion; claims: Claims }>> {
  const query = new URL(url, "http://localhost").searchParams;
  const version = protocolVersion(query.get("vsn"));
  if (version === null) return { ok: false, message: `vsn ${query.get("vsn")} is not spoken here` };
  const claims = await readClaims(verifyToken, query.get("apikey") ?? "");
  return claims.ok ? { ok: true, value: { version, claims: claims.value } } : claims;
}

/** Answers an upgrade with 403 and the reason. */
export function refuseUpgrade(socket: Duplex, message: string): void {
  const body = JSON.stringify({ message });
  socket.end(
    [
      "HTTP/1.1 403 Forbidden",
      "Connection: close",
      "Content-Type: application/json",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
}
