import "server-only";
import { headers } from "next/headers";
import type { z } from "zod";
import { isOwnRequest } from "#app/own-request.ts";
import { parseCommand } from "#lib/commands/commands.ts";
import { type Result, refusal } from "#lib/result.ts";
import { signedInUserId } from "#lib/supabase/auth.ts";
import type { Client } from "#lib/supabase/call.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

/**
 * The one way a command goes: ours and signed in, well-formed, then the database decides with the person's own token.
 * Every entrance (server action, route handler) is a public address and passes through here.
 */
export async function carryOut<Request, Answer extends object>(
  schema: z.ZodType<Request>,
  input: unknown,
  send: (client: Client, request: Request) => Promise<Result<Answer>>,
): Promise<Result<Answer>> {
  if (!isOwnRequest(await headers())) {
    return refusal(
      403,
      "foreign_origin",
      "Not sent: the request did not come from this site.",
      "Open the page here and try again.",
    );
  }
  const parsed = parseCommand(schema, input);
  if (!parsed.ok) return parsed;
  const client = await serverClient();
  if ((await signedInUserId(client)) === null) {
    return refusal(401, "signed_out", "Not sent: you are signed out.", "Sign in again, then repeat it.");
  }
  return send(client, parsed.request);
}
