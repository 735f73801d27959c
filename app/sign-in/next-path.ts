/** Where to go after signing in: a path of our own, else the fleet. Anything that could lead elsewhere is dropped. */
export function ownPath(wanted: unknown): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/")) return "/";
  const base = "http://own.invalid";
  if (!URL.canParse(wanted, base)) return "/";
  const url = new URL(wanted, base);
  const isOwn = url.origin === base && !url.pathname.startsWith("//") && !url.pathname.startsWith("/sign-in");
  return isOwn ? url.pathname + url.search + url.hash : "/";
}
