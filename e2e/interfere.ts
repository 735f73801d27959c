import type { Page, Request, Route } from "@playwright/test";

// What a network does to the messages between a page and its servers: keeps them, loses the answers, falls silent.

/** What a button sends by a server action. */
export const isAction = (request: Request): boolean => request.headers()["next-action"] !== undefined;
/** What the router reads to go to another page, but for what it reads ahead. */
export const isReading = (request: Request): boolean =>
  request.headers()["rsc"] !== undefined && request.headers()["next-router-prefetch"] === undefined;
/** What Stop sends, to its fixed address. */
export const isStop = (request: Request): boolean =>
  request.method() === "POST" && request.url().endsWith("/stop");

type Kind = (request: Request) => boolean;

async function intercept(page: Page, kind: Kind, handle: (route: Route) => Promise<void>): Promise<void> {
  await page.route(/\/(machines|runs)\//, (route) =>
    kind(route.request()) ? handle(route) : route.fallback(),
  );
}

/** Keeps messages of a kind from arriving until they are let go. */
export async function hold(
  page: Page,
  kind: Kind,
): Promise<{ caught: Promise<Request>; release: () => void }> {
  const caught = Promise.withResolvers<Request>();
  const gate = Promise.withResolvers<void>();
  await intercept(page, kind, async (route) => {
    caught.resolve(route.request());
    await gate.promise;
    await route.fallback();
  });
  return { caught: caught.promise, release: gate.resolve };
}

/** Lets messages of a kind arrive, and loses the answers while `isLossy` says so. */
export async function loseAnswers(page: Page, kind: Kind, isLossy: () => boolean): Promise<void> {
  await intercept(page, kind, async (route) => {
    if (!isLossy()) return route.fallback();
    await route.fetch();
    await route.abort("connectionreset");
  });
}

/** Lets a page's news pass until `cut`: then it hears nothing more and does not know it. What it sends still goes out. */
export async function hearing(page: Page): Promise<{ cut: () => void; mend: () => void }> {
  let isCut = false;
  await page.routeWebSocket(/\/realtime\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!isCut) socket.send(message);
    });
  });
  await page.route(/\/rest\/v1\//, (route) => (isCut ? route.abort() : route.fallback()));
  return {
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
    },
  };
}
