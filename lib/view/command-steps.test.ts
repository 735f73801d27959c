import { expect, test } from "vitest";
import type { Command } from "#lib/model/command.ts";
import { SAMPLE_START, sampleCommand } from "#lib/model/samples.ts";
import { later } from "#lib/time.ts";
import { commandSteps } from "#lib/view/command-steps.ts";

const at = (ms: number) => later(SAMPLE_START, ms);
const states = (command: Command, now = 1_000) =>
  commandSteps(command, at(now)).stages.map((stage) => `${stage.key} ${stage.state}`);

test("shows how far a command got, from its recorded times only", () => {
  expect(states(sampleCommand())).toEqual([
    "requested done",
    "accepted current",
    "executing waiting",
    "done waiting",
  ]);
  const accepted = sampleCommand({ status: "accepted", acceptedAt: at(200) });
  expect(states(accepted)).toEqual(["requested done", "accepted done", "executing current", "done waiting"]);
  const executing = sampleCommand({ status: "executing", acceptedAt: at(200), executingAt: at(300) });
  expect(states(executing)).toEqual(["requested done", "accepted done", "executing done", "done current"]);
});

test("a done command tells how long each stage took", () => {
  const done = sampleCommand({
    status: "succeeded",
    acceptedAt: at(200),
    executingAt: at(250),
    settledAt: at(3_200),
  });
  const steps = commandSteps(done, at(99_000));
  expect(steps).toMatchObject({
    isSettled: true,
    isRefused: false,
    outcome: "Done after 3.2 s.",
    waitedMs: 3_200,
  });
  expect(steps.stages.map((stage) => stage.tookMs)).toEqual([null, 200, 50, 2_950]);
  expect(states(done)).toEqual(["requested done", "accepted done", "executing done", "done done"]);
});

test("clear and reconcile have no controller to wait for", () => {
  expect(states(sampleCommand({ kind: "clear", status: "succeeded", settledAt: at(5) }))).toEqual([
    "requested done",
    "done done",
  ]);
});

test("a command that nobody took before it ended claims no stage that it never reached", () => {
  const ended = (over: Partial<Command>) => states(sampleCommand({ settledAt: at(500), ...over }));
  expect(ended({ status: "rejected" })).toEqual(["requested done", "done failed"]);
  expect(ended({ status: "superseded", acceptedAt: at(200) })).toEqual([
    "requested done",
    "accepted done",
    "done failed",
  ]);
  expect(ended({ status: "succeeded" })).toEqual(["requested done", "done done"]);
});

test.each([
  ["rejected", { refusal: "The machine is busy." }, "The machine is busy.", true],
  ["rejected", {}, "It was refused.", true],
  ["expired", {}, "No controller took it within 30.0 s; it will not be carried out.", true],
  ["failed", {}, "The controller could not do it.", true],
  ["superseded", {}, "The run ended by itself before the stop took effect.", false],
] as const)("%s ends in a sentence", (status, over, outcome, isRefused) => {
  const steps = commandSteps(sampleCommand({ status, settledAt: at(30_000), ...over }), at(31_000));
  expect(steps).toMatchObject({ isSettled: true, outcome, isRefused });
  expect(steps.stages.at(-1)?.state).toBe("failed");
});

test("a stop without acknowledgement escalates at 5 s and 15 s; a start and an accepted stop do not", () => {
  const waiting = (now: number, over: Partial<Command> = {}) =>
    commandSteps(sampleCommand(over), at(now)).escalation;
  expect([4_999, 5_000, 14_999, 15_000].map((now) => waiting(now))).toEqual([
    "none",
    "slow",
    "slow",
    "unconfirmed",
  ]);
  expect(waiting(20_000, { kind: "start" })).toBe("none");
  expect(waiting(20_000, { status: "accepted", acceptedAt: at(100) })).toBe("none");
});

test("titles say what a stop means", () => {
  expect(commandSteps(sampleCommand(), at(0)).title).toBe("Stop");
  expect(commandSteps(sampleCommand({ mode: "end_of_cycle" }), at(0)).title).toBe(
    "Stop at the end of the cycle",
  );
});
