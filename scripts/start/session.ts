import type { Service } from "#scripts/processes/service.ts";
import { StartFault } from "#scripts/start/start-fault.ts";

/**
 * What was started and must be stopped, and the one signal that says it is over: because somebody asked (the reason is
 * the name of the signal) or because something broke (the reason is the error). Guarded by start.stack.test.ts.
 */
export type Session = {
  /** Aborted when it is over. */
  signal: AbortSignal;
  /** To be done at the end; what was noted last is done first. */
  defer(undo: () => Promise<void>): void;
  /** Ends the session when the service ends before it is told to, and stops the service at the end. */
  keep(service: Service, logFile: string): void;
  over(reason: string | Error): void;
  /** Undoes everything; resolves when nothing is left. */
  close(): Promise<void>;
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Opens a session that a signal to this process ends. */
export function openSession(): Session {
  const controller = new AbortController();
  const undos: (() => Promise<void>)[] = [];
  let isClosing = false;
  const over = (reason: string | Error): void => controller.abort(reason);
  for (const name of SIGNALS) process.on(name, () => over(name));
  return {
    signal: controller.signal,
    defer: (undo) => void undos.push(undo),
    keep(service, logFile) {
      undos.push(() => service.stop());
      void service.ended.then((end) => {
        if (!isClosing)
          over(new StartFault(`${service.name} ended by itself (${end}); its last words are in ${logFile}.`));
      });
    },
    over,
    async close() {
      isClosing = true;
      for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) await undo().catch(reportError);
    },
  };
}

function reportError(error: unknown): void {
  console.error("While stopping:", error);
}

/** Resolves when the session is over. */
export function untilOver({ signal }: Session): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
