/** Keeps one child process running: starts it again when it dies by itself, until it dies too often. */
import type { Child } from "./child.ts";

export type Supervised<T> = {
  /** What the last successful start returned. */
  current(): T;
  /** Ends the process in the given way and starts it again; resolves when it is ready. */
  restart(end: (child: Child) => Promise<unknown>): Promise<void>;
  stop(): Promise<void>;
};

export type SuperviseOptions<T> = {
  name: string;
  start: () => Promise<T>;
  end: (child: Child) => Promise<unknown>;
  onProgress: (line: string) => void;
};

const DEATHS_ALLOWED = 5;
const DEATHS_WINDOW_MS = 60_000;

/** Starts the process and watches it; a failing first start throws, a later one is reported and given up. */
export async function supervise<T extends { child: Child }>(
  options: SuperviseOptions<T>,
): Promise<Supervised<T>> {
  const deaths: number[] = [];
  let running = watch(await options.start());
  let isStopping = false;
  let work: Promise<void> = Promise.resolve();

  function watch(started: T): T {
    void started.child.exited.then(() => revive(started));
    return started;
  }

  function revive(dead: T): void {
    if (isStopping || running !== dead) return;
    deaths.push(performance.now());
    const recent = deaths.filter((at) => at > performance.now() - DEATHS_WINDOW_MS);
    if (recent.length > DEATHS_ALLOWED) {
      options.onProgress(
        `${options.name} died ${recent.length} times within a minute and is not started again`,
      );
      return;
    }
    options.onProgress(`${options.name} died and is started again`);
    inTurn(() => startUnlessRunning(dead)).catch((error: unknown) => {
      options.onProgress(
        `${options.name} could not be started again: ${error instanceof Error ? error.message : error}`,
      );
    });
  }

  async function startUnlessRunning(dead: T): Promise<void> {
    if (!isStopping && running === dead) running = watch(await options.start());
  }

  function inTurn(step: () => Promise<void>): Promise<void> {
    const next = work.then(step);
    work = next.catch(() => undefined);
    return next;
  }

  return {
    current: () => running,
    restart: (end) =>
      inTurn(async () => {
        const old = running;
        const { child } = old;
        running = { ...old };
        await end(child);
        running = watch(await options.start());
      }),
    stop: () => {
      isStopping = true;
      return inTurn(async () => {
        await options.end(running.child);
      });
    },
  };
}
