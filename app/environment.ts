import "server-only";
import { z } from "zod";

const schema = z.object({
  SUPABASE_URL: z.url({ protocol: /^https?$/ }),
  SUPABASE_PUBLISHABLE_KEY: z.string().min(1),
  PULSEBOARD_EMBEDDED: z.enum(["0", "1"]).default("0"),
});

/** The configuration of this server, read when asked for. Throws a sentence that names the missing variable. */
export function environment() {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) {
    const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, PULSEBOARD_EMBEDDED } = parsed.data;
    return {
      supabaseUrl: SUPABASE_URL.replace(/\/+$/, ""),
      publishableKey: SUPABASE_PUBLISHABLE_KEY,
      isEmbedded: PULSEBOARD_EMBEDDED === "1",
    };
  }
  const names = parsed.error.issues.map((issue) => issue.path.join(".")).join(", ");
  throw new Error(
    `The web app cannot start: ${names} is missing or malformed. Set it in the environment of the server.`,
  );
}
