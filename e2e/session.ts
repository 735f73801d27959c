import type { BrowserContext } from "@playwright/test";

export type Credentials = { email: string; password: string };

/**
 * Signs a person in through the form of the sign-in page as it is before any script has run: the session is that of
 * somebody who typed, without a page having to be drawn for it. What people do on that page is in sign-in.spec.ts.
 */
export async function enter(context: BrowserContext, address: string, person: Credentials): Promise<void> {
  const page = await context.request.get("/sign-in");
  const answer = await context.request.post("/sign-in", {
    headers: { origin: address },
    multipart: { ...hiddenFields(await page.text()), ...person },
    maxRedirects: 0,
  });
  if (answer.status() !== 303) throw new Error(`${person.email} was not signed in: ${await answer.text()}`);
}

/** What the form sends besides what is typed, by name. */
function hiddenFields(html: string): Record<string, string> {
  const fields = [...html.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => [
    attribute(tag, "name"),
    attribute(tag, "value"),
  ]);
  return Object.fromEntries(fields);
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
