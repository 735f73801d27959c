import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Service } from "#scripts/processes/service.ts";
import { startExecutor } from "#scripts/start/executor.ts";
import { freePort } from "#scripts/start/guards.ts";
import type { Site } from "#scripts/start/site.ts";
import { startWeb, untilServed } from "#scripts/start/web.ts";
import { startStack } from "#supabase/local/stack.ts";

/** A product of its own, whose parts may be broken without breaking it for other tests. */
export type BreakableSite = Site & {
  restartDatabase(kind: "fast" | "kill"): Promise<void>;
  /** As a crash ends it: at once, with nothing said to anybody. */
  killExecutor(): Promise<void>;
  startExecutor(): Promise<void>;
  close(): Promise<void>;
};

/** Starts one from the build that is there. */
export async function startBreakableSite(): Promise<BreakableSite> {
  const dataDir = await mkdtemp(join(tmpdir(), "pulseboard-breakable-"));
  const undos: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  const close = async () => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) await undo();
  };
  try {
    const stack = await startStack({ ephemeral: true });
    undos.push(() => stack.stop());
    const { apiUrl, dbUrl, publishableKey, secretKey, users } = stack;
    const access = { url: apiUrl, publishableKey, secretKey, isEmbedded: true };
    let executor: Service | null = null;
    const start = async () => {
      executor = await startExecutor(access, { secretKey, dataDir, demo: false });
    };
    undos.push(async () => executor?.stop());
    await start();
    const port = await freePort(0);
    const web = await startWeb(access, port, join(dataDir, "logs"));
    undos.push(() => web.stop());
    const address = `http://127.0.0.1:${port}`;
    await untilServed(address, web.logFile, new AbortController().signal);
    return {
      address,
      stack: { apiUrl, dbUrl, publishableKey, secretKey, users },
      restartDatabase: stack.restartPostgres,
      killExecutor: async () => executor?.kill(),
      startExecutor: start,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
