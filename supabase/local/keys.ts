/**
 * Keys of one data directory: opaque API keys as hosted Supabase hands out, the HS256 tokens they stand for,
 * and the ES256 pair that signs people's tokens. Random on first use, readable by their owner only.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from "jose";
import { readJsonFile, writeSecretFile } from "./process/json-file.ts";

export type Claims = {
  sub?: string;
  role: string;
  exp?: number;
  session_id?: string;
  email?: string;
  [claim: string]: unknown;
};

export type Keys = {
  publishableKey: string;
  secretKey: string;
  anonJwt: string;
  serviceJwt: string;
  /** ES256 public and HS256 secret: what PostgREST verifies with. Secret. */
  jwks: { keys: object[] };
  /** ES256 public only: what `/auth/v1/.well-known/jwks.json` publishes. */
  publicJwks: { keys: object[] };
  signUserToken(claims: Claims, expiresInSeconds: number): Promise<string>;
  /** The claims behind an opaque key or a JWT; throws when it is unknown, forged or expired. */
  verifyToken(tokenOrApiKey: string): Promise<Claims>;
};

type StoredKeys = { publishableKey: string; secretKey: string; hmacSecret: string; signingKey: JWK };

const API_KEY_LIFETIME_S = 10 * 365 * 24 * 3600;

/** Reads `keys.json` of a data directory, creating it (mode 0600) on first use. */
export async function loadKeys(dataDir: string): Promise<Keys> {
  const file = join(dataDir, "keys.json");
  const stored =
    (await readJsonFile<StoredKeys>(file, "delete it to get new keys")) ?? (await createStored(file));
  return buildKeys(stored);
}

async function createStored(file: string): Promise<StoredKeys> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const signingKey = await exportJWK(privateKey);
  const stored: StoredKeys = {
    publishableKey: `sb_publishable_${randomBytes(24).toString("base64url")}`,
    secretKey: `sb_secret_${randomBytes(24).toString("base64url")}`,
    hmacSecret: randomBytes(48).toString("base64url"),
    signingKey: { ...signingKey, kid: await calculateJwkThumbprint(signingKey), alg: "ES256", use: "sig" },
  };
  await writeSecretFile(file, stored);
  return stored;
}

async function buildKeys(stored: StoredKeys): Promise<Keys> {
  const { d: _private, ...publicKey } = stored.signingKey;
  const secret = Buffer.from(stored.hmacSecret, "base64url");
  const signing = await importKey(stored.signingKey);
  const verifying = await importKey(publicKey);
  const kid = String(stored.signingKey.kid);
  const apiToken = (role: string) =>
    new SignJWT({ role })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer("pulseboard-embedded")
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + API_KEY_LIFETIME_S)
      .sign(secret);
  return {
    publishableKey: stored.publishableKey,
    secretKey: stored.secretKey,
    anonJwt: await apiToken("anon"),
    serviceJwt: await apiToken("service_role"),
    jwks: { keys: [publicKey, { kty: "oct", k: stored.hmacSecret, alg: "HS256" }] },
    publicJwks: { keys: [publicKey] },
    signUserToken: (claims, expiresInSeconds) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "ES256", typ: "JWT", kid })
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInSeconds)
        .sign(signing),
    verifyToken: async (token) => {
      if (sameText(token, stored.publishableKey)) return { role: "anon" };
      if (sameText(token, stored.secretKey)) return { role: "service_role" };
      return verifyJwt(token, { ES256: verifying, HS256: secret });
    },
  };
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, "ES256");
  if (key instanceof Uint8Array) throw new Error("the signing key is no elliptic-curve key");
  return key;
}

/** The key is chosen by algorithm, never by what the token suggests, so no key is used with a foreign algorithm. */
async function verifyJwt(token: string, keys: { ES256: CryptoKey; HS256: Uint8Array }): Promise<Claims> {
  const { alg } = decodeProtectedHeader(token);
  if (alg !== "ES256" && alg !== "HS256") throw new Error(`the token is signed with ${alg ?? "nothing"}`);
  const key: CryptoKey | Uint8Array = keys[alg];
  const { payload } = await jwtVerify(token, key, { algorithms: [alg] });
  if (typeof payload.role !== "string") throw new Error("the token names no role");
  return { ...payload, role: payload.role };
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
