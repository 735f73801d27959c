import { expect, test } from "vitest";
import type { LogEntry } from "#lib/model/log.ts";
import { epochMs } from "#lib/time.ts";
import { logCsvHeading, logCsvLine } from "./log-csv.ts";
import { logActor, logLine } from "./log-lines.ts";

const entry = (action: string, more: Partial<LogEntry> = {}): LogEntry => ({
  id: 7,
  at: epochMs(Date.UTC(2026, 10, 21, 8, 0, 1, 250)),
  actorId: "p",
  actorName: "Ada",
  actorRole: "engineer",
  action,
  machineId: "m",
  machineName: "ALD-01",
  runId: null,
  recipeName: null,
  before: {},
  after: {},
  reason: null,
  isSimulated: false,
  ...more,
});

test.each([
  ["machine_status", { status: "idle" }, { status: "processing" }, "Machine", "idle", "processing"],
  [
    "run_status",
    { status: "running" },
    { status: "aborted", last_seq: 12 },
    "Run ended after 12 steps",
    "running",
    "aborted",
  ],
  [
    "command_requested",
    {},
    { kind: "stop", mode: "end_of_cycle" },
    "Stop requested, at the end of the cycle",
    null,
    null,
  ],
  ["command_rejected", {}, { kind: "start", code: "machine_not_idle" }, "Start refused", null, null],
  ["run_marked", { is_good: false }, { is_good: true }, "Run marked good", "not marked", "good"],
  ["note_written", {}, { body: "Seen", seq: 3 }, "Note written on step 3", null, "Seen"],
  [
    "note_changed",
    { body: "Seen" },
    { body: "Seen it", seq: 3, until_seq: 5 },
    "Note changed on steps 3 to 5",
    "Seen",
    "Seen it",
  ],
  ["note_retracted", { body: "Seen" }, {}, "Note taken back", "Seen", null],
  [
    "recipe_saved",
    { version: 0 },
    { version: 1, name: "Alumina", recipe_id: "r" },
    "Recipe Alumina saved",
    null,
    "version 1",
  ],
  [
    "role_changed",
    { role: "viewer", status: "disabled" },
    { role: "operator", status: "active", name: "Ben" },
    "Role of Ben changed",
    "viewer, disabled",
    "operator",
  ],
  [
    "assignment_changed",
    {},
    { person_id: "p", is_active: true, name: "Ben" },
    "Assignment of Ben changed",
    "only looks",
    "commands this machine",
  ],
  [
    "telemetry_removed",
    { name: "readings_2025_01", readings: 1200 },
    {},
    "Readings thrown away: readings_2025_01",
    "1\u202f200 readings",
    "none",
  ],
  ["signed_in", {}, { session: "x" }, "Signed in", null, null],
  ["valve_replaced", {}, {}, "valve replaced", null, null],
])("%s in words, from what to what", (action, before, after, what, from, to) => {
  expect(logLine(entry(action, { before, after }))).toMatchObject({ what, from, to });
});

test("what went wrong is marked, and says why in its own words", () => {
  const refused = entry("command_rejected", { after: { kind: "stop" }, reason: "Not stopped: no run." });
  expect(logLine(refused)).toMatchObject({ isTrouble: true, said: "Not stopped: no run." });
  expect(logLine(entry("machine_status", { after: { status: "error" } })).isTrouble).toBe(true);
  expect(logLine(entry("run_status", { after: { status: "completed" } })).isTrouble).toBe(false);
  const ended = entry("run_status", { after: { status: "completed", last_seq: 4 }, reason: "completed" });
  expect(logLine(ended)).toMatchObject({ said: null, seq: 4 });
});

test("who did it: a person with a role, a controller, or the database", () => {
  expect(logActor(entry("x"))).toEqual({ name: "Ada", role: "Engineer" });
  expect(logActor(entry("x", { actorId: null, actorRole: "service_role" }))).toEqual({
    name: "Controller",
    role: null,
  });
  expect(logActor(entry("x", { actorId: null, actorRole: "postgres" }))).toEqual({
    name: "Database",
    role: "postgres",
  });
  expect(logActor(entry("x", { actorRole: "authenticated", actorName: null }))).toEqual({
    name: "A person no longer known",
    role: "No active profile",
  });
});

test("a line of the table keeps every column, and no text becomes a formula", () => {
  const width = logCsvHeading().split(",").length;
  const note = entry("note_written", { after: { body: "=1+1" }, reason: "@SUM(A1)", isSimulated: true });
  const line = logCsvLine(note);
  expect(line).toContain(",'=1+1,'@SUM(A1),ALD-01,");
  expect(line.startsWith("7,2026-11-21T08:00:01.250Z,Ada,engineer,p,note_written,Note written,")).toBe(true);
  expect(line).toContain(',"{""body"":""=1+1""}",simulated\r\n');
  expect(logCsvLine(entry("signed_in")).split(",")).toHaveLength(width);
});
