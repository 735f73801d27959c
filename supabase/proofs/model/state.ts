/** What the model knows of one machine. Plain data: a state is copied before it is changed. */
import type { Controller, EndStatus, Person, RunKey } from "./requests.ts";

export type CommandState = {
  kind: string;
  by: Person;
  /** What the key is bound to. */
  content: string;
  status: string;
  /** Code it was refused with; empty when it was taken. */
  refusal: string;
  run: RunKey | null;
  ageSeconds: number;
};

export type RunState = {
  status: "preparing" | "running" | EndStatus;
  steps: number;
  /** True once record_step has written; from then on the trigger leaves the history alone. */
  isReported: boolean;
  /** False when an old controller was killed before it made the state row. */
  hasState: boolean;
};

export type State = {
  status: string;
  run: RunKey | null;
  fence: number;
  lease: { controller: Controller; isLive: boolean } | null;
  runs: Record<RunKey, RunState>;
  commands: Record<string, CommandState>;
};

export const newState = (): State => ({
  status: "idle",
  run: null,
  fence: 0,
  lease: null,
  runs: {},
  commands: {},
});

export const copyOf = (state: State): State => structuredClone(state);

export const isActive = (run: RunState): boolean => run.status === "preparing" || run.status === "running";

export const isBusy = (status: string): boolean => ["processing", "stopping", "unknown"].includes(status);

export const activeRun = (state: State): RunKey | null =>
  Object.entries(state.runs).find(([, run]) => isActive(run))?.[0] ?? null;

export const isOpen = ({ status }: CommandState): boolean =>
  ["requested", "accepted", "executing"].includes(status);

/** Commands of a run that are not settled yet. */
export const openCommands = (state: State, run: RunKey, kind?: string): CommandState[] =>
  Object.values(state.commands).filter(
    (command) => command.run === run && isOpen(command) && (kind === undefined || command.kind === kind),
  );

/** The part of the state that can be read from the tables. */
export type Visible = {
  status: string;
  run: RunKey | null;
  fence: number;
  isLeaseLive: boolean;
  runs: Record<RunKey, [status: string, steps: number, isReported: boolean]>;
  commands: Record<string, string>;
};

export const visible = (state: State): Visible => ({
  status: state.status,
  run: state.run,
  fence: state.fence,
  isLeaseLive: state.lease?.isLive ?? false,
  runs: Object.fromEntries(
    Object.entries(state.runs).map(([key, { status, steps, isReported, hasState }]) => [
      key,
      [status, steps, isReported && hasState],
    ]),
  ),
  commands: Object.fromEntries(Object.entries(state.commands).map(([id, command]) => [id, command.status])),
});
