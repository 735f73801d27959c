import { type NextRequest, NextResponse } from "next/server";
import { SESSION_PATH } from "#lib/supabase/browser-session.ts";
import { COOKIE_PROBE, updateSession } from "#lib/supabase/session.ts";

/** What a server action may be sent; above ten times as much the server would hand on a body that is cut off. */
const MOST_BYTES = 1024 * 1024;
const TOO_LARGE = "The request was not read: it is larger than 1 MB, and nothing here takes as much.";

/**
 * Before every page: a content policy with a nonce of its own, a fresh session, and the way to the sign-in page for those
 * without one. The way is a courtesy; what a person may read and do is decided by the database.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  if (Number(request.headers.get("content-length") ?? 0) > MOST_BYTES)
    return new NextResponse(TOO_LARGE, { status: 413 });
  const nonce = btoa(crypto.randomUUID());
  const policy = contentPolicy(nonce, process.env["SUPABASE_URL"] ?? "");
  request.headers.set("x-nonce", nonce);
  request.headers.set("content-security-policy", policy);

  const { response, isSignedIn } = await updateSession(request);
  // What asks for something is answered where it asks: a redirect would swallow it without a word.
  const isAsking = request.method !== "GET" && request.method !== "HEAD";
  const isOpen = OPEN.includes(request.nextUrl.pathname) || isAsking;
  const here = isReadable(request.nextUrl.pathname) ? response : toNowhere(request, response);
  const answer = isSignedIn || isOpen ? here : toSignIn(request, response);
  // Not with the form itself: what is set here counts as sent.
  if (request.nextUrl.pathname === COOKIE_PROBE.path && !isAsking)
    answer.cookies.set({ ...COOKIE_PROBE, value: "kept", httpOnly: true, sameSite: "lax" });
  answer.headers.set("content-security-policy", policy);
  answer.headers.set("cache-control", "private, no-store");
  return answer;
}

/** Where no page is, so that the answer is the one to every address without a page. */
const toNowhere = (request: NextRequest, response: NextResponse): NextResponse =>
  withCookiesOf(response, NextResponse.redirect(new URL("/nowhere", request.nextUrl)));

/** An address whose escapes stand for no text, as `%F0%28`: nothing here can have it. */
function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch (fault) {
    if (fault instanceof URIError) return false;
    throw fault;
  }
}

/** Answered without a session: the way to one, and the word that there is none. */
const OPEN = ["/sign-in", SESSION_PATH];

function toSignIn(request: NextRequest, response: NextResponse): NextResponse {
  const target = new URL("/sign-in", request.nextUrl);
  const wanted = request.nextUrl.pathname + request.nextUrl.search;
  if (wanted !== "/") target.searchParams.set("next", wanted);
  return withCookiesOf(response, NextResponse.redirect(target));
}

function withCookiesOf(response: NextResponse, other: NextResponse): NextResponse {
  for (const cookie of response.cookies.getAll()) other.cookies.set(cookie);
  return other;
}

function contentPolicy(nonce: string, supabaseUrl: string): string {
  const origin = URL.canParse(supabaseUrl) ? new URL(supabaseUrl).origin : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    // Drawings receive their fractions as style attributes, which no nonce can allow.
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${origin} ${origin.replace(/^http/, "ws")}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = {
  matcher: ["/((?!_next/static|_next/image|favicon.ico|icon.svg|robots.txt).*)"],
};
