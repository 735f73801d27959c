import { expect, test } from "vitest";
import type { Command } from "#lib/model/command.ts";
import type { RunEvent } from "#lib/model/run-event.ts";
import { epochMs } from "#lib/time.ts";
import { auditLine, commandLine, mergeEvents, type RunEventLine } from "./run-events.ts";

const event = (part: Partial<RunEvent>): RunEvent => ({
  id: "1",
  at: epochMs(1000),
  action: "run_status",
  actorId: null,
  actorRole: "service_role",
  actorName: null,
  runId: "r",
  commandId: null,
  commandKind: null,
  fromStatus: "preparing",
  toStatus: "running",
  reason: null,
  lastSeq: 1,
  isGood: false,
  ...part,
});
const command = (part: Partial<Command>): Command => ({
  id: "c",
  machineId: "m",
  runId: "r",
  kind: "stop",
  mode: "end_of_cycle",
  status: "succeeded",
  recipeId: null,
  reason: null,
  requestedBy: "p",
  requestedByName: "Ada",
  requestedAt: epochMs(1000),
  acceptedAt: null,
  executingAt: null,
  settledAt: epochMs(1250),
  refusalCode: null,
  refusal: null,
  refusalHint: null,
  ...part,
});

test("a change of status says from what to what, by the controller, and leads to the step it came at", () => {
  expect(auditLine(event({}))).toMatchObject({
    kind: "status",
    what: "Run preparing → running",
    doer: { else: "the controller" },
    isTrouble: false,
    seq: 1,
  });
  const ended = { fromStatus: "running", toStatus: "completed" };
  expect(auditLine(event({ ...ended, reason: "completed" })).what).toBe("Run running → completed");
  expect(auditLine(event({ action: "controller_lost", toStatus: null, fromStatus: null }))).toMatchObject({
    kind: "controller",
    what: "Controller lost",
    isTrouble: true,
  });
});

test("a mark says which way and why", () => {
  const mark = {
    action: "run_marked",
    actorRole: "engineer",
    actorId: "p",
    actorName: "Ada",
    fromStatus: null,
  };
  const said = { ...mark, toStatus: null, reason: "Even film" };
  expect(auditLine(event({ ...said, isGood: true }))).toMatchObject({
    kind: "marks",
    what: "Marked good: Even film",
    doer: { id: "p", name: "Ada", else: null },
  });
  expect(auditLine(event(said)).what).toBe("Mark taken back: Even film");
});

test("a command says what became of it, and a refusal is trouble", () => {
  expect(commandLine(command({ reason: "Wrong wafer" }))).toMatchObject({
    what: "Stop at the end of the cycle, done after 250 ms: Wrong wafer",
    isTrouble: false,
  });
  const open = command({ kind: "start", mode: null, status: "accepted", settledAt: null });
  expect(commandLine(open).what).toBe("Start, accepted");
  const refused = command({ mode: "now", status: "rejected", refusal: "The run has ended." });
  expect(commandLine(refused)).toMatchObject({
    what: "Stop, rejected after 250 ms: The run has ended.",
    isTrouble: true,
  });
});

test("lines of several sources stand in one order, no further back than all have been read", () => {
  const line = (key: string, at: number): RunEventLine => ({
    ...auditLine(event({})),
    key,
    at: epochMs(at),
  });
  const audit = [line("a3", 30), line("a2", 20)];
  const commands = [line("c2", 25), line("c1", 5)];
  const keys = (hasMore: boolean) =>
    mergeEvents([
      { lines: audit, hasMore },
      { lines: commands, hasMore: false },
    ]).lines.map(({ key }) => key);
  expect(keys(true)).toEqual(["a3", "c2", "a2"]);
  expect(keys(false)).toEqual(["a3", "c2", "a2", "c1"]);
  expect(mergeEvents([{ lines: [], hasMore: false }])).toEqual({ lines: [], hasMore: false });
});
