import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startExecutor } from "#scripts/start/executor.ts";
import { freePort } from "#scripts/start/guards.ts";
import type { Session } from "#scripts/start/session.ts";
import { startWeb, untilServed } from "#scripts/start/web.ts";
import { type StackInfo, startStack } from "#supabase/local/stack.ts";

/** The whole product on free ports with throw-away data. */
export type Site = { address: string; stack: StackInfo };

type Options = {
  /** Two depositions always running, as in the demo. */
  demo: boolean;
  /** Whether writes wait for the disk, as they do in the product: what is measured must, what is only tested need not. */
  isDurable: boolean;
  /** Puts something between the web app's pages and the gateway; answers where the pages find it. */
  front?: (apiUrl: string) => Promise<string>;
};

/**
 * Starts a throw-away copy of the product from the build that is there, for tests and benchmarks, noting on the session
 * what to stop.
 */
export async function startSite(session: Session, { demo, isDurable, front }: Options): Promise<Site> {
  const dataDir = await mkdtemp(join(tmpdir(), "pulseboard-site-"));
  session.defer(() => rm(dataDir, { recursive: true, force: true }));
  const stack = await startStack({ ephemeral: true, isDurable, signal: session.signal });
  session.defer(() => stack.stop());
  const { apiUrl, dbUrl, publishableKey, secretKey, users } = stack;
  const access = { url: apiUrl, publishableKey, secretKey, isEmbedded: true };
  const executor = await startExecutor(access, { secretKey, dataDir, demo });
  session.keep(executor, executor.logFile);
  const port = await freePort(0);
  const url = front ? await front(apiUrl) : apiUrl;
  const web = await startWeb({ ...access, url }, port, join(dataDir, "logs"));
  session.keep(web, web.logFile);
  const address = `http://127.0.0.1:${port}`;
  await untilServed(address, web.logFile, session.signal);
  return { address, stack: { apiUrl, dbUrl, publishableKey, secretKey, users } };
}
