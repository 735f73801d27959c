import { existsSync } from "node:fs";
import { join } from "node:path";
import { dataDirOf, dropEmptyFolder } from "#lib/data-folder.ts";
import { build } from "#scripts/build/build.ts";
import { type Project, readConfiguration } from "#scripts/start/configuration.ts";
import { startExecutor } from "#scripts/start/executor.ts";
import { freePort, requireRoom } from "#scripts/start/guards.ts";
import { holdFolder } from "#scripts/start/one-per-folder.ts";
import { reachProject } from "#scripts/start/reach-project.ts";
import type { Session } from "#scripts/start/session.ts";
import { StartFault } from "#scripts/start/start-fault.ts";
import { type ProjectAccess, startWeb, untilServed } from "#scripts/start/web.ts";
import type { Running } from "#scripts/start/welcome.ts";
import { type StackUser, startStack } from "#supabase/local/stack.ts";

type Say = (line: string) => void;

/**
 * Starts everything the environment asks for, noting on the session what has to be stopped: stack first, web app last, so
 * that they stop the other way round. Resolves when a person can open the page; rejects with a StartFault.
 */
export async function start(environment: NodeJS.ProcessEnv, session: Session, say: Say): Promise<Running> {
  const configuration = readConfiguration(environment);
  const dataDir = dataDirOf(environment);
  if (!existsSync(dataDir)) session.defer(() => dropEmptyFolder(dataDir));
  await requireRoom(dataDir);
  const held = await holdFolder(dataDir);
  session.defer(held.release);
  const port = await freePort(configuration.port);

  const { access, users } = await openAndBuild(configuration.project, session, say);
  session.signal.throwIfAborted();

  const { secretKey } = access;
  if (secretKey !== undefined) {
    const executor = await startExecutor(access, {
      secretKey,
      dataDir,
      demo: access.isEmbedded,
      onWarning: say,
    });
    session.keep(executor, executor.logFile);
  }
  const web = await startWeb(access, port, join(dataDir, "logs"), say);
  session.keep(web, web.logFile);
  const address = `http://127.0.0.1:${port}`;
  await untilServed(address, web.logFile, session.signal);
  await held.publish(address);
  return {
    address,
    embeddedUrl: access.isEmbedded ? access.url : undefined,
    remoteUrl: access.isEmbedded ? undefined : access.url,
    hasExecutor: secretKey !== undefined,
    users,
  };
}

type Opened = { access: ProjectAccess; users: StackUser[] };

/**
 * Nothing is built for a project that cannot be opened: a wrong key or a taken port is said at once. From then on the app
 * is built while the database starts.
 */
async function openAndBuild(project: Project, session: Session, say: Say): Promise<Opened> {
  const underway = Promise.withResolvers<void>();
  const opened = openProject(project, session, (line) => {
    underway.resolve();
    say(line);
  });
  await Promise.race([opened, underway.promise]);
  const built = buildWeb(session, say);
  try {
    const [result] = await Promise.all([opened, built]);
    return result;
  } catch (error) {
    // The first to fail ends the other; both have to be over before anything is stopped.
    session.over(error instanceof Error ? error : String(error));
    await Promise.allSettled([opened, built]);
    throw error;
  }
}

async function openProject(project: Project, session: Session, say: Say): Promise<Opened> {
  if (project.kind === "remote") {
    await reachProject(project, session.signal);
    const { url, publishableKey, secretKey } = project;
    return { access: { url, publishableKey, secretKey, isEmbedded: false }, users: [] };
  }
  const stack = await startStack({
    onProgress: (line) => {
      // While everything is being stopped, lost connections are no news.
      if (!session.signal.aborted) say(`  stack: ${line}`);
    },
    signal: session.signal,
  });
  session.defer(() => stack.stop());
  const { apiUrl, publishableKey, secretKey, users } = stack;
  return { access: { url: apiUrl, publishableKey, secretKey, isEmbedded: true }, users };
}

async function buildWeb({ signal }: Session, say: Say): Promise<void> {
  const began = performance.now();
  const onStart = (): void => say("  web: building the app (only when its sources changed, about a minute)");
  const result = await build({ signal, onStart });
  signal.throwIfAborted();
  if (!result.ok) throw new StartFault(`the web app could not be built:\n${result.output.trim()}`);
  if (!result.reused) say(`  web: built in ${Math.round((performance.now() - began) / 1000)} s`);
}
