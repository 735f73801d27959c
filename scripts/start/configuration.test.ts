import { describe, expect, test } from "vitest";
import { readConfiguration } from "#scripts/start/configuration.ts";

const url = "https://lab.supabase.co";
const key = "sb_publishable_abc";
const tokenOf = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;

describe("the project", () => {
  test("is the built-in one when nothing is set, and blank is nothing", () => {
    expect(readConfiguration({})).toEqual({ port: 3000, project: { kind: "embedded" } });
    expect(readConfiguration({ SUPABASE_URL: " ", PORT: "" })).toEqual({
      port: 3000,
      project: { kind: "embedded" },
    });
  });

  test("is a remote one with address and key; the secret key may be left out", () => {
    const environment = { SUPABASE_URL: `${url}/`, SUPABASE_PUBLISHABLE_KEY: key };
    const project = { kind: "remote", url, publishableKey: key };
    expect(readConfiguration(environment).project).toEqual({ ...project, secretKey: undefined });
    expect(readConfiguration({ ...environment, SUPABASE_SECRET_KEY: "sb_secret_x" }).project).toEqual({
      ...project,
      secretKey: "sb_secret_x",
    });
  });

  test("may use a token of the older kind for people", () => {
    const anon = tokenOf({ role: "anon" });
    expect(readConfiguration({ SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: anon }).project).toMatchObject({
      publishableKey: anon,
    });
  });

  test.each([
    [{ SUPABASE_URL: url }, /^SUPABASE_URL is set but SUPABASE_PUBLISHABLE_KEY is not; /],
    [{ SUPABASE_PUBLISHABLE_KEY: key }, /^SUPABASE_PUBLISHABLE_KEY is set but SUPABASE_URL is not; /],
    [{ SUPABASE_SECRET_KEY: "sb_secret_x" }, /^SUPABASE_SECRET_KEY is set but SUPABASE_URL is not; /],
    [
      { SUPABASE_URL: "lab.supabase.co", SUPABASE_PUBLISHABLE_KEY: key },
      /^SUPABASE_URL is "lab.supabase.co", which/,
    ],
    [{ SUPABASE_URL: "http://", SUPABASE_PUBLISHABLE_KEY: key }, /^SUPABASE_URL is "http:\/\/", which/],
    [{ SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: "sb_secret_x" }, /holds a secret key/],
    [
      { SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: tokenOf({ role: "service_role" }) },
      /holds a secret key/,
    ],
  ])("is refused in one sentence: %j", (environment, sentence) => {
    expect(() => readConfiguration(environment)).toThrow(sentence);
  });
});

describe("the port", () => {
  test.each(["1", "8080", "65535", "0"])("may be %s", (text) => {
    expect(readConfiguration({ PORT: text }).port).toBe(Number(text));
  });

  test.each(["abc", "-1", "65536", "80.5", "3000x"])("may not be %s", (text) => {
    expect(() => readConfiguration({ PORT: text })).toThrow(
      `PORT is "${text}", which is no port; use a number from 0 (any free one) to 65535.`,
    );
  });
});
