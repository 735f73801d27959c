import type { Page } from "@playwright/test";

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
