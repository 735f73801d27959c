/**
 * True when the browser says that this request comes from one of our own pages. Next lets a request without Origin
 * through; a command must not: either the fetch metadata or the Origin has to speak for it. Only what a page's script
 * cannot set is trusted, so X-Forwarded-Host is not looked at.
 */
export function isOwnRequest(headers: Pick<Headers, "get">): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  const host = headers.get("host");
  if (origin === null || host === null || !URL.canParse(origin)) return false;
  return new URL(origin).host === host;
}
