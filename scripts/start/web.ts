import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { makeFolder } from "#lib/data-folder.ts";
import { toolPath } from "#scripts/paths.ts";
import { type Service, startService } from "#scripts/processes/service.ts";
import { StartFault } from "#scripts/start/start-fault.ts";

/** What the web app and the executor are told of the project they work with. */
export type ProjectAccess = {
  url: string;
  publishableKey: string;
  secretKey: string | undefined;
  /** Started along: the sign-in page lists the demo users. */
  isEmbedded: boolean;
};

/** What Next says of a request that is not ours, and where it was met: for the log. Anybody could write it, as often as he likes. */
const OF_A_REQUEST =
  /^(\s+at |Request body exceeded |Read more: https:\/\/nextjs\.org|Error: .*Server (Action|Reference))/;

/** Whether a line of the web app's standard error is for the person who started it. */
export const isForTerminal = (line: string): boolean => !OF_A_REQUEST.test(line);

const TRY_AGAIN_MS = 50;
const PATIENCE_MS = 60_000;

/** Starts the production server on 127.0.0.1. The secret key stays out of it. */
export async function startWeb(
  access: ProjectAccess,
  port: number,
  logs: string,
  onWarning?: (line: string) => void,
): Promise<Service & { logFile: string }> {
  await makeFolder(logs);
  const logFile = join(logs, "web.log");
  const service = startService({
    name: "the web app",
    script: toolPath("next"),
    args: ["start", "--hostname", "127.0.0.1", "--port", String(port)],
    env: {
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      SUPABASE_URL: access.url,
      SUPABASE_PUBLISHABLE_KEY: access.publishableKey,
      SUPABASE_SECRET_KEY: undefined,
      PULSEBOARD_EMBEDDED: access.isEmbedded ? "1" : undefined,
    },
    logFile,
    ...(onWarning && { onWarning: (line: string) => isForTerminal(line) && onWarning(line) }),
  });
  return { ...service, logFile };
}

/** Resolves when the sign-in page is served; rejects with a StartFault when that takes too long, or when aborted. */
export async function untilServed(address: string, logFile: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let last = "no answer";
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const answer = await fetch(`${address}/sign-in`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (answer) last = `HTTP ${answer.status}`;
    await delay(TRY_AGAIN_MS);
  }
  throw new StartFault(`the web app does not serve its sign-in page (${last}); see ${logFile}.`);
}
