import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Keys, loadKeys } from "./keys.ts";

let dir: string;
let keys: Keys;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "pulseboard-keys-"));
  keys = await loadKeys(dir);
});
afterEach(() => rm(dir, { recursive: true }));

const person = { sub: "7b2f2f54-9a2c-4f0c-9a49-0b7a5b6f3c11", role: "authenticated" };

describe("keys of a data directory", () => {
  test("are made once and readable by their owner only", async () => {
    const again = await loadKeys(dir);
    expect(again.publishableKey).toBe(keys.publishableKey);
    expect(again.secretKey).toBe(keys.secretKey);
    expect((await stat(join(dir, "keys.json"))).mode & 0o777).toBe(0o600);
  });

  test("differ from those of another directory, which does not accept them", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "pulseboard-keys-"));
    try {
      const other = await loadKeys(elsewhere);
      expect(other.publishableKey).not.toBe(keys.publishableKey);
      await expect(other.verifyToken(keys.secretKey)).rejects.toThrow();
      await expect(other.verifyToken(await keys.signUserToken(person, 60))).rejects.toThrow();
      await expect(other.verifyToken(keys.serviceJwt)).rejects.toThrow();
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  test("have the shape of hosted opaque keys", () => {
    expect(keys.publishableKey).toMatch(/^sb_publishable_[\w-]{32}$/);
    expect(keys.secretKey).toMatch(/^sb_secret_[\w-]{32}$/);
  });

  test("say what to do when the file is damaged", async () => {
    await writeFile(join(dir, "keys.json"), "{");
    await expect(loadKeys(dir)).rejects.toThrow(/keys\.json is damaged; delete it to get new keys\.$/);
  });

  test("keep private material out of the published set", async () => {
    expect(keys.publicJwks.keys).toHaveLength(1);
    expect(keys.publicJwks.keys[0]).toMatchObject({ kty: "EC", alg: "ES256" });
    expect(keys.publicJwks.keys[0]).not.toHaveProperty("d");
    expect(JSON.stringify(keys.jwks)).not.toContain(
      JSON.parse(await readFile(join(dir, "keys.json"), "utf8")).signingKey.d,
    );
  });
});

describe("verifyToken", () => {
  test("reads opaque keys and the tokens behind them as their roles", async () => {
    expect(await keys.verifyToken(keys.publishableKey)).toEqual({ role: "anon" });
    expect(await keys.verifyToken(keys.secretKey)).toEqual({ role: "service_role" });
    expect((await keys.verifyToken(keys.anonJwt)).role).toBe("anon");
    expect((await keys.verifyToken(keys.serviceJwt)).role).toBe("service_role");
  });

  test("reads a person's token, which the published key verifies as well", async () => {
    const token = await keys.signUserToken(person, 60);
    expect(await keys.verifyToken(token)).toMatchObject(person);
    const published = createLocalJWKSet(keys.publicJwks as JSONWebKeySet);
    expect((await jwtVerify(token, published)).payload.sub).toBe(person.sub);
    expect(decodeProtectedHeader(token).alg).toBe("ES256");
  });

  test("refuses an expired token", async () => {
    await expect(keys.verifyToken(await keys.signUserToken(person, -1))).rejects.toThrow(/exp/);
  });

  test.each([
    ["nothing", ""],
    ["an opaque key of nobody", `sb_secret_${"x".repeat(32)}`],
    ["text", "not a token"],
  ])("refuses %s", async (_name, token) => {
    await expect(keys.verifyToken(token)).rejects.toThrow();
  });

  test("refuses a token without a signature and one signed with the public key as a secret", async () => {
    const claims = Buffer.from(JSON.stringify({ role: "service_role" })).toString("base64url");
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`;
    await expect(keys.verifyToken(unsigned)).rejects.toThrow();
    const publicText = Buffer.from(JSON.stringify(keys.publicJwks.keys[0]));
    const confused = await new SignJWT({ role: "service_role" })
      .setProtectedHeader({ alg: "HS256" })
      .sign(publicText);
    await expect(keys.verifyToken(confused)).rejects.toThrow(/signature/);
  });

  test("refuses a signed token that names no role", async () => {
    const { sub } = person;
    await expect(keys.verifyToken(await keys.signUserToken({ sub } as never, 60))).rejects.toThrow(/role/);
  });
});
