import { expect, test } from "vitest";
import { brokenPromises, type CommandEnd, type Evidence } from "#scripts/faults/broken-promises.ts";

const start: CommandEnd = { id: "s", kind: "start", status: "succeeded", run_id: "r", refusal_code: null };
const stop: CommandEnd = { id: "t", kind: "stop", status: "succeeded", run_id: "r", refusal_code: null };
const refused: CommandEnd = {
  id: "u",
  kind: "start",
  status: "rejected",
  run_id: null,
  refusal_code: "machine_not_idle",
};
const told = (key: string, kind: "start" | "stop", answer: string, status: string | null = null) => ({
  key,
  kind,
  answer,
  status,
  presses: 1,
});
const kept: Evidence = {
  told: [
    told("s", "start", "ok", "requested"),
    told("t", "stop", "ok", "requested"),
    told("u", "start", "machine_not_idle"),
  ],
  commands: [start, stop, refused],
  runs: [{ id: "r", status: "aborted" }],
  played: new Map([["r", 1]]),
  shown: [["s", ["requested", "executing", "succeeded"]]],
};
const broken = (over: Partial<Evidence>) => brokenPromises({ ...kept, ...over });

test("promises that are kept are not mentioned", () => {
  expect(broken({})).toEqual([]);
});

test.each<[string, Partial<Evidence>, string]>([
  [
    "a wait without an end",
    { commands: [start, { ...stop, status: "requested" }, refused] },
    "stop t is still requested",
  ],
  ["nobody answered", { told: [told("s", "start", "silence")] }, "start s: nobody ever answered"],
  [
    "a false done on a screen",
    { shown: [["u", ["succeeded"]]] },
    "a screen showed u succeeded; it is rejected",
  ],
  [
    "a command made up by a screen",
    { shown: [["x", ["requested"]]] },
    "a screen showed command x, which is not on record",
  ],
  [
    "a false done in an answer",
    { told: [told("u", "start", "ok", "succeeded")] },
    "start u was taken and is not on record",
  ],
  [
    "an answer that changed",
    { told: [told("s", "start", "ok", "expired")] },
    "start s was told to be expired and is succeeded",
  ],
  [
    "refused and done all the same",
    { told: [told("s", "start", "stale_version")] },
    "start s was refused with stale_version and is succeeded",
  ],
  [
    "a stop that did not stop",
    { runs: [{ id: "r", status: "completed" }] },
    "stop t is done and its run is completed",
  ],
  ["a start that was never played", { played: new Map() }, "start s is done and its run was never played"],
  ["a run played twice", { played: new Map([["r", 2]]) }, "run r was played 2 times"],
  [
    "one run for two starts",
    { commands: [start, { ...start, id: "v" }, stop, refused] },
    "run r belongs to two starts",
  ],
  [
    "a run nobody asked for",
    { runs: [...kept.runs, { id: "x", status: "aborted" }] },
    "nobody asked for run x",
  ],
])("%s", (_name, over, sentence) => {
  expect(broken(over)).toContain(sentence);
});
