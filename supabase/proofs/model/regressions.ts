/** Shrunk failures, kept: each was found by the model and names what was wrong then. */
import type { Play } from "./play.ts";

export const REGRESSIONS: { why: string; plays: Play[] }[] = [
  {
    why: "a run ended by a killed two-call controller left its machine processing and its start open",
    plays: [
      { how: "once", a: { op: "claim", controller: "a" } },
      { how: "once", a: { op: "start", by: "operator", recipe: "good", version: "any" } },
      {
        how: "once",
        a: { op: "old end", target: "current", status: "completed", skewSeconds: null, statements: 1 },
      },
    ],
  },
  {
    why: "a lost controller went unnoticed while a connection that had been cut still held the lease's row",
    plays: [
      { how: "once", a: { op: "claim", controller: "a" } },
      { how: "once", a: { op: "start", by: "operator", recipe: "good", version: "any" } },
      { how: "once", a: { op: "lease runs out" } },
      {
        how: "cut, then again",
        a: {
          op: "reconcile",
          by: "operator",
          target: "current",
          outcome: "aborted",
          reason: "looked at the machine",
        },
      },
    ],
  },
  {
    why: "a start stayed open when its run began by a table write and an empty report confirmed it",
    plays: [
      { how: "once", a: { op: "claim", controller: "a" } },
      { how: "once", a: { op: "start", by: "operator", recipe: "good", version: "any" } },
      { how: "once", a: { op: "old step", target: "current" } },
      {
        how: "once",
        a: { op: "record", controller: "a", target: "current", steps: "nothing", isMalformed: false },
      },
    ],
  },
  {
    why: "who keeps the history was not looked at: a report and an old controller's step at once, then a step of each",
    plays: [
      { how: "once", a: { op: "claim", controller: "a" } },
      { how: "once", a: { op: "start", by: "operator", recipe: "good", version: "any" } },
      {
        how: "together",
        a: { op: "record", controller: "a", target: "current", steps: "next", isMalformed: false },
        b: { op: "old step", target: "current" },
      },
      { how: "once", a: { op: "old step", target: "current" } },
    ],
  },
];
