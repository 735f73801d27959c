import { join } from "node:path";
import { makeFolder } from "#lib/data-folder.ts";
import { ROOT } from "#scripts/paths.ts";
import { type Service, startService } from "#scripts/processes/service.ts";
import type { ProjectAccess } from "#scripts/start/web.ts";

type Options = {
  secretKey: string;
  /** Where its outbox and log live. */
  dataDir: string;
  /** Keep two depositions running. */
  demo: boolean;
  onWarning?: (line: string) => void;
};

/** Starts the program that plays recipes on the simulated machines. */
export async function startExecutor(
  access: ProjectAccess,
  options: Options,
): Promise<Service & { logFile: string }> {
  const { secretKey, dataDir, demo, onWarning } = options;
  await makeFolder(join(dataDir, "logs"));
  const logFile = join(dataDir, "logs", "executor.log");
  const service = startService({
    name: "the executor",
    script: join(ROOT, "executor/main.ts"),
    args: demo ? ["--demo"] : [],
    env: {
      SUPABASE_URL: access.url,
      SUPABASE_PUBLISHABLE_KEY: access.publishableKey,
      SUPABASE_SECRET_KEY: secretKey,
      PULSEBOARD_DATA_DIR: dataDir,
    },
    logFile,
    ...(onWarning && { onWarning }),
  });
  return { ...service, logFile };
}
