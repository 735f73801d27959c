import { z } from "zod";

/** What a browser may know: where the project is and the publishable key. */
export type PublicConfig = { url: string; publishableKey: string };
export type ServerConfig = PublicConfig & {
  /** The stack runs beside the app: the sign-in page may list the demo users. */
  isEmbedded: boolean;
};

/** The environment does not say which Supabase project to speak to. The message says what to set. */
export class ConfigFault extends Error {
  constructor(problem: string) {
    super(
      `${problem} Start with "npm start", or set SUPABASE_URL and SUPABASE_PUBLISHABLE_KEY to your project's values.`,
    );
    this.name = "ConfigFault";
  }
}

const url = z.url({ protocol: /^https?$/ });

/** Reads the configuration when a request asks for it, so that one build serves every project. Throws ConfigFault. */
export function readConfig(environment: Record<string, string | undefined>): ServerConfig {
  const address = environment["SUPABASE_URL"]?.trim() ?? "";
  const key = environment["SUPABASE_PUBLISHABLE_KEY"]?.trim() ?? "";
  if (address === "") throw new ConfigFault("SUPABASE_URL is not set.");
  if (!url.safeParse(address).success)
    throw new ConfigFault(`SUPABASE_URL is not an http(s) address: "${address}".`);
  if (key === "") throw new ConfigFault("SUPABASE_PUBLISHABLE_KEY is not set.");
  if (key.startsWith("sb_secret_")) {
    throw new ConfigFault("SUPABASE_PUBLISHABLE_KEY holds a secret key, which must never reach a browser.");
  }
  return {
    url: address.replace(/\/+$/, ""),
    publishableKey: key,
    isEmbedded: environment["PULSEBOARD_EMBEDDED"] === "1",
  };
}

/** The part of the configuration that a page hands to the browser. */
export const publicPart = (config: ServerConfig): PublicConfig => ({
  url: config.url,
  publishableKey: config.publishableKey,
});
