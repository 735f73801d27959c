import { describe, expect, test } from "vitest";
import { admit } from "./api-key.ts";

const keys = {
  publishableKey: "sb_publishable_p",
  secretKey: "sb_secret_s",
  anonJwt: "anon.jwt",
  serviceJwt: "service.jwt",
};
const decide = (headers: Record<string, string>, query = "") =>
  admit(headers, new URLSearchParams(query), keys);

describe("admit", () => {
  test.each([
    ["the publishable key alone", { apikey: keys.publishableKey }, "Bearer anon.jwt"],
    ["the secret key alone", { apikey: keys.secretKey }, "Bearer service.jwt"],
    ["a legacy key", { apikey: keys.serviceJwt }, "Bearer service.jwt"],
    [
      "a key repeated as bearer",
      { apikey: keys.secretKey, authorization: `Bearer ${keys.secretKey}` },
      "Bearer service.jwt",
    ],
    [
      "a person's token",
      { apikey: keys.publishableKey, authorization: "Bearer per.son.token" },
      "Bearer per.son.token",
    ],
    [
      "a scheme that is not Bearer",
      { apikey: keys.publishableKey, authorization: "Basic eDp5" },
      "Bearer anon.jwt",
    ],
  ])("lets %s in", (_name, headers, authorization) => {
    expect(decide(headers)).toEqual({ ok: true, authorization });
  });

  test("takes the key from the query when there is no header", () => {
    expect(decide({}, "select=*&apikey=sb_publishable_p")).toEqual({
      ok: true,
      authorization: "Bearer anon.jwt",
    });
  });

  test.each([
    ["no key", {}, "No API key found in request"],
    ["an unknown key", { apikey: "sb_secret_other" }, "Invalid API key"],
    ["a person's token as key", { apikey: "per.son.token" }, "Invalid API key"],
    [
      "the secret key as bearer beside the publishable one",
      { apikey: keys.publishableKey, authorization: `Bearer ${keys.secretKey}` },
      "Invalid Authorization header",
    ],
  ])("refuses %s", (_name, headers, message) => {
    expect(decide(headers)).toMatchObject({ ok: false, code: "invalid_api_key", message });
  });
});
