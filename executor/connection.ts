import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ExecutorFault } from "#executor/lock.ts";

export type ExecutorConnection = { apiUrl: string; publishableKey: string; secretKey: string };

const infoSchema = z.object({ apiUrl: z.string(), publishableKey: z.string(), secretKey: z.string() });

/**
 * The project the environment names, else the embedded stack that runs on this machine (its `stack/info.json`).
 * Throws an ExecutorFault that says what to set or start.
 */
export async function findConnection(
  environment: Record<string, string | undefined>,
  dataDir: string,
): Promise<ExecutorConnection> {
  const apiUrl = environment["SUPABASE_URL"]?.trim() ?? "";
  if (apiUrl === "") return embedded(dataDir);
  if (!z.url({ protocol: /^https?$/ }).safeParse(apiUrl).success) {
    throw new ExecutorFault(`SUPABASE_URL is not an http(s) address: "${apiUrl}".`);
  }
  const secretKey = environment["SUPABASE_SECRET_KEY"]?.trim() ?? "";
  if (secretKey === "") {
    throw new ExecutorFault("SUPABASE_SECRET_KEY is not set; copy it from your project's API settings.");
  }
  const publishableKey = environment["SUPABASE_PUBLISHABLE_KEY"]?.trim() ?? "";
  return { apiUrl: apiUrl.replace(/\/+$/, ""), publishableKey, secretKey };
}

async function embedded(dataDir: string): Promise<ExecutorConnection> {
  const file = join(dataDir, "stack", "info.json");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) {
    throw new ExecutorFault(
      'the embedded stack is not running; run "npm start" first, or set SUPABASE_URL ' +
        "and SUPABASE_SECRET_KEY to your project's values.",
    );
  }
  return infoSchema.parse(JSON.parse(text));
}
