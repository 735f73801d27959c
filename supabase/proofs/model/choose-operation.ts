// What fast-check may choose, and how often: mostly what people and controllers do, sometimes what they should not.

import fc from "fast-check";
import type { Operation, Steps, Target } from "./operations.ts";
import type { Controller, EndStatus, Person } from "./requests.ts";

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
