// What fast-check chooses: plain data with small choices, made into a request when it is its turn, because only then
// the runs and commands it may speak of are known. A shrunk failure is a list of these; regressions.ts keeps some.

import { randomUUID } from "node:crypto";
import {
  type CommandRequest,
  type Controller,
  type EndStatus,
  NO_RUN,
  type Person,
  type Request,
  type RunKey,
} from "./requests.ts";
import { activeRun, type State } from "./state.ts";

export type Target = "current" | "last" | "none";
export type Steps = "next" | "again" | "gap" | "two" | "five" | "measured" | "nothing";

export type Operation =
  | {
      op: "start";
      by: Person;
      recipe: "good" | "empty" | "other type" | "missing";
      version: "any" | "stale";
    }
  | { op: "stop"; by: Person; target: Target; mode: "now" | "end_of_cycle" | "someday" }
  | { op: "clear"; by: Person; reason: string }
  | { op: "reconcile"; by: Person; target: Target; outcome: "aborted" | "failed"; reason: string }
  | { op: "send again"; back: number; isChanged: boolean }
  | { op: "claim"; controller: Controller }
  | { op: "renew" | "release"; controller: Controller }
  | { op: "accept"; controller: Controller; kind: "start" | "stop" | "none" }
  | { op: "advance"; controller: Controller; kind: "start" | "stop" | "none"; status: "executing" | "failed" }
  | { op: "record"; controller: Controller; target: Target; steps: Steps; isMalformed: boolean }
  | {
      op: "end";
      controller: Controller;
      target: Target;
      outcome: EndStatus | "interrupted" | "vanished";
      steps: Steps;
    }
  | { op: "atomic"; to: "idle" | "error" | "processing"; target: Target }
  | { op: "old start"; statements: number }
  | { op: "old step"; target: Target }
  | { op: "old end"; target: Target; status: EndStatus; skewSeconds: number | null; statements: number }
  | { op: "old machine"; table: "machines" | "machine_state"; status: string; target: Target }
  | { op: "lease runs out" | "half a minute passes" | "clock steps back" };

/** What the sender remembers beside the state: the newest fence of each controller, and every command it sent. */
export type Memory = { fences: Record<Controller, number>; sent: CommandRequest[] };

export const newMemory = (): Memory => ({ fences: { a: 0, b: 0 }, sent: [] });

/** The request an operation comes to now. */
export function requestFor(operation: Operation, state: State, memory: Memory): Request {
  const command = randomUUID();
  switch (operation.op) {
    case "start":
      return { ...omitOp(operation), fn: "start_process", command };
    case "stop": {
      const run = operation.target === "none" ? null : targetRun(state, operation.target);
      return { fn: "request_stop", by: operation.by, command, run, mode: operation.mode };
    }
    case "clear":
      return { ...omitOp(operation), fn: "clear_machine", command };
    case "reconcile": {
      const { by, outcome, reason } = operation;
      const run = targetRun(state, operation.target);
      return { fn: "reconcile_run", by, command, run, outcome, reason };
    }
    case "send again":
      return sentAgain(memory, operation.back, operation.isChanged);
    case "atomic": {
      if (operation.to === "processing")
        return { fn: "atomic_processing_machine_state", run: targetRun(state, operation.target) };
      return {
        fn: operation.to === "idle" ? "atomic_complete_machine_state" : "atomic_error_machine_state",
      };
    }
    case "old start":
      return { fn: "old start", run: command, statements: operation.statements };
    case "old step":
      return { fn: "old step", run: targetRun(state, operation.target), name: command };
    case "old end":
      return { ...omitOp(operation), fn: "old end", run: targetRun(state, operation.target) };
    case "old machine": {
      const run = operation.target === "none" ? null : targetRun(state, operation.target);
      return { fn: "old machine", table: operation.table, status: operation.status, run };
    }
    case "lease runs out":
    case "half a minute passes":
    case "clock steps back":
      return { fn: operation.op };
    default:
      return controllerRequest(operation, state, memory);
  }
}

type ControllerOperation = Extract<Operation, { controller: Controller }>;

function controllerRequest(operation: ControllerOperation, state: State, memory: Memory): Request {
  const fence = memory.fences[operation.controller];
  switch (operation.op) {
    case "claim":
      return { fn: "claim_machine", controller: operation.controller };
    case "renew":
      return { fn: "renew_lease", fence };
    case "release":
      return { fn: "release_machine", fence };
    case "accept":
      return { fn: "accept_command", fence, command: newestCommand(state, operation.kind) };
    case "advance": {
      const taken = newestCommand(state, operation.kind);
      return { fn: "advance_command", fence, command: taken, status: operation.status };
    }
    case "record": {
      const run = targetRun(state, operation.target);
      const seqs = seqsOf(state, run, operation.steps);
      return { fn: "record_step", fence, run, seqs, isMalformed: operation.isMalformed };
    }
    case "end": {
      const run = targetRun(state, operation.target);
      const seqs = seqsOf(state, run, operation.steps);
      return { fn: "end_process", fence, run, outcome: operation.outcome, seqs };
    }
  }
}

function omitOp<T extends { op: string }>({ op: _op, ...rest }: T): Omit<T, "op"> {
  return rest;
}

function targetRun(state: State, target: Target): RunKey {
  if (target === "none") return NO_RUN;
  const active = activeRun(state);
  if (target === "current" && active !== null) return active;
  return Object.keys(state.runs).findLast((key) => key !== active) ?? NO_RUN;
}

function newestCommand(state: State, kind: string): string {
  const ids = Object.keys(state.commands).filter((id) => state.commands[id]?.kind === kind);
  return ids.at(-1) ?? NO_RUN;
}

function seqsOf(state: State, run: RunKey, steps: Steps): number[] {
  const last = state.runs[run]?.steps ?? 0;
  const known = Math.max(last, 1);
  const lists: Record<Steps, number[]> = {
    next: [last + 1],
    again: [known],
    gap: [last + 2],
    two: [last + 1, last + 2],
    five: [1, 2, 3, 4, 5].map((more) => last + more),
    measured: [known, last + 1],
    nothing: [],
  };
  return lists[steps];
}

/** An earlier command once more, as it was or with another content under its key. */
function sentAgain({ sent }: Memory, back: number, isChanged: boolean): Request {
  const earlier = sent.at(-1 - (back % Math.max(sent.length, 1)));
  if (earlier === undefined) return { fn: "half a minute passes" };
  if (!isChanged) return earlier;
  const { by, command } = earlier;
  return { fn: "clear_machine", by, command, reason: "the same key for something else" };
}
