import { isOwnRequest } from "#app/own-request.ts";
import { type Result, refusal } from "#lib/result.ts";
import { sessionToken } from "#lib/supabase/auth.ts";
import type { SessionToken } from "#lib/supabase/browser-session.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

// Hands a page of ours the access token with which it reads and listens. The session it belongs to stays in a cookie that
// no script can read.

/** The token of the signed-in person, good for a while yet. */
export const GET = (request: Request): Promise<Response> => answer(request, false);

/** A new one, for a page whose last was refused. */
export const POST = (request: Request): Promise<Response> => answer(request, true);

async function answer(request: Request, isRenewing: boolean): Promise<Response> {
  const token = await tokenFor(request, isRenewing);
  return Response.json(token.ok ? token.token : token, {
    status: token.ok ? 200 : token.status,
    headers: { "cache-control": "private, no-store" },
  });
}

async function tokenFor(request: Request, isRenewing: boolean): Promise<Result<{ token: SessionToken }>> {
  if (isOwnRequest(request.headers)) return await sessionToken(await serverClient(), isRenewing);
  return refusal(403, "foreign_origin", "The request did not come from this site.", "Open the page here.");
}
