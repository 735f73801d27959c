/** What has to be undone, newest first. (AsyncDisposableStack would do; Node 22 does not have it.) */
export type Undo = {
  defer(step: () => unknown): void;
  /** Runs every step once, even when one fails; later calls give the same result. Rejects with all failures. */
  run(): Promise<void>;
};

/** An empty list of things to undo. */
export function createUndo(): Undo {
  const steps: (() => unknown)[] = [];
  let done: Promise<void> | undefined;
  return {
    defer: (step) => void steps.push(step),
    run: () => {
      done ??= runAll(steps);
      return done;
    },
  };
}

async function runAll(steps: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `the stack did not stop cleanly: ${failures.join("; ")}`);
}
