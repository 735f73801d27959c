// What fast-check chooses: plain data with small choices, made into a request when it is its turn, because only then
// the runs and commands it may speak of are known. A shrunk failure is a list of these; regressions.ts keeps some.

import { randomUUID } from "node:crypto";
import fc from "fast-check";
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

type Target = "current" | "last" | "none";
type Steps = "next" | "again" | "gap" | "two" | "five" | "measured" | "nothing";

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

const by = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Person>("operator") },
  { weight: 1, arbitrary: fc.constantFrom<Person>("viewer", "stranger") },
);
const controller = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Controller>("a") },
  { weight: 1, arbitrary: fc.constant<Controller>("b") },
);
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const target = mostly<Target>("current", "last", "none");
const steps = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Steps>("next") },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Steps>("again", "gap", "two", "five", "measured", "nothing"),
  },
);
const reason = mostly("looked at the machine", "", "no");
const endStatus = fc.constantFrom<EndStatus>("completed", "failed", "aborted");
const kind = fc.constantFrom<"start" | "stop">("start", "stop");
const statements = fc.integer({ min: 1, max: 5 });

/** Any operation; the usual course of a run is likely enough to be gone through often. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      op: fc.constant("start" as const),
      by,
      recipe: mostly<"good" | "empty" | "other type" | "missing">("good", "empty", "other type", "missing"),
      version: mostly<"any" | "stale">("any", "stale"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant("stop" as const),
      by,
      target,
      mode: mostly<"now" | "end_of_cycle" | "someday">("now", "end_of_cycle", "someday"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("clear" as const), by, reason }) },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant("reconcile" as const),
      by,
      target,
      outcome: fc.constantFrom<"aborted" | "failed">("aborted", "failed"),
      reason,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("send again" as const),
      back: fc.nat(6),
      isChanged: mostly(false, true),
    }),
  },
  { weight: 12, arbitrary: fc.record({ op: fc.constant("claim" as const), controller }) },
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constantFrom("renew" as const, "renew", "release"), controller }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      op: fc.constant("accept" as const),
      controller,
      kind: mostly<"start" | "stop" | "none">("start", "stop", "none"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("advance" as const),
      controller,
      kind,
      status: fc.constantFrom<"executing" | "failed">("executing", "failed"),
    }),
  },
  {
    weight: 18,
    arbitrary: fc.record({
      op: fc.constant("record" as const),
      controller,
      target,
      steps,
      isMalformed: fc.oneof(
        { weight: 15, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      op: fc.constant("end" as const),
      controller,
      target,
      outcome: mostly<EndStatus | "interrupted" | "vanished">(
        "completed",
        "failed",
        "aborted",
        "interrupted",
        "vanished",
      ),
      steps,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("atomic" as const),
      to: fc.constantFrom<"idle" | "error" | "processing">("idle", "error", "processing"),
      target,
    }),
  },
  { weight: 4, arbitrary: fc.record({ op: fc.constant("old start" as const), statements }) },
  { weight: 5, arbitrary: fc.record({ op: fc.constant("old step" as const), target }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("old end" as const),
      target,
      status: endStatus,
      skewSeconds: fc.option(fc.integer({ min: -90, max: 90 })),
      statements: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant("old machine" as const),
      table: fc.constantFrom<"machines" | "machine_state">("machines", "machine_state"),
      status: fc.constantFrom("idle", "IDLE", "running", "Processing", "error", "offline", "maintenance"),
      target,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constantFrom(
        "lease runs out" as const,
        "lease runs out" as const,
        "half a minute passes" as const,
        "clock steps back" as const,
      ),
    }),
  },
);
