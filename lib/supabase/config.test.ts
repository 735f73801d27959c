import { expect, test } from "vitest";
import { ConfigFault, publicPart, readConfig } from "./config.ts";

const good = { SUPABASE_URL: "http://127.0.0.1:54321/", SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" };

test("reads the project; the browser gets the address and the publishable key only", () => {
  const config = readConfig({ ...good, PULSEBOARD_EMBEDDED: "1", SUPABASE_SECRET_KEY: "sb_secret_y" });
  expect(config).toEqual({
    url: "http://127.0.0.1:54321",
    publishableKey: "sb_publishable_x",
    isEmbedded: true,
  });
  expect(publicPart(config)).toEqual({ url: "http://127.0.0.1:54321", publishableKey: "sb_publishable_x" });
  expect(readConfig({ ...good, PULSEBOARD_EMBEDDED: "true" }).isEmbedded).toBe(false);
});

test.each([
  [{}, "SUPABASE_URL is not set."],
  [{ SUPABASE_URL: " " }, "SUPABASE_URL is not set."],
  [{ ...good, SUPABASE_URL: "localhost" }, 'SUPABASE_URL is not an http(s) address: "localhost".'],
  [{ ...good, SUPABASE_URL: "ftp://x.y" }, 'SUPABASE_URL is not an http(s) address: "ftp://x.y".'],
  [{ SUPABASE_URL: good.SUPABASE_URL }, "SUPABASE_PUBLISHABLE_KEY is not set."],
  [
    { ...good, SUPABASE_PUBLISHABLE_KEY: "sb_secret_y" },
    "SUPABASE_PUBLISHABLE_KEY holds a secret key, which must never reach a browser.",
  ],
])(
  "what is missing or wrong is said in one sentence, and what to do in another (%#)",
  (environment, problem) => {
    const wrong = () => readConfig(environment);
    expect(wrong).toThrow(ConfigFault);
    expect(wrong).toThrow(
      `${problem} Start with "npm start", or set SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY`,
    );
  },
);
