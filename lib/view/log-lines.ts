import { commandKindLabel, commandKinds } from "#lib/model/command.ts";
import type { LogEntry, LogValues } from "#lib/model/log.ts";
import { machineStatuses, machineStatusLabel } from "#lib/model/machine.ts";
import { roleLabel, roles } from "#lib/model/person.ts";
import { runStatuses, runStatusLabel } from "#lib/model/run.ts";
import { counted, formatCount } from "./count.ts";

// An entry of the log in words. What this version has no words for is shown as the database wrote it, never left out.
// Guarded by log-lines.test.ts.

export type LogLine = {
  what: string;
  /** What it was before and after; null where that says nothing. */
  from: string | null;
  to: string | null;
  /** Why, or what was answered, word for word. */
  said: string | null;
  isTrouble: boolean;
  /** The step of the run it leads to. */
  seq: number | null;
  recipeId: string | null;
};

/** Who did it: a name and a role, or what is no person. */
export type LogActor = { name: string; role: string | null };

type Told = Partial<Omit<LogLine, "what">> & { what: string };

const text = (values: LogValues, name: string): string | null => {
  const value = values[name];
  return typeof value === "string" && value !== "" ? value : null;
};
const count = (values: LogValues, name: string): number | null => {
  const value = values[name];
  return typeof value === "number" ? value : null;
};
const labelled = <Word extends string>(
  words: readonly Word[],
  label: (word: Word) => string,
  said: string | null,
): string | null => {
  const known = words.find((word) => word === said);
  return known === undefined ? said : label(known).toLowerCase();
};

const machineWord = (values: LogValues) =>
  labelled(machineStatuses, machineStatusLabel, text(values, "status"));
const runWord = (values: LogValues) => labelled(runStatuses, runStatusLabel, text(values, "status"));
const versionWord = (values: LogValues): string | null => {
  const version = count(values, "version");
  return version ? `version ${formatCount(version)}` : null;
};
const commandName = ({ after }: LogEntry): string => {
  const kind = commandKinds.find((known) => known === text(after, "kind"));
  return kind === undefined ? "Command" : commandKindLabel(kind);
};

function runTold({ before, after, reason }: LogEntry): Told {
  const status = text(after, "status");
  const steps = count(after, "last_seq") ?? 0;
  const isEnded = status === "completed" || status === "failed" || status === "aborted";
  return {
    what: isEnded && steps > 0 ? `Run ended after ${counted(steps, "step")}` : "Run",
    from: runWord(before),
    to: runWord(after),
    said: reason === status ? null : reason,
    isTrouble: status === "failed",
    seq: isEnded && steps > 0 ? steps : null,
  };
}

function noteTold(what: string, { before, after }: LogEntry): Told {
  const [seq, until] = [count(after, "seq"), count(after, "until_seq")];
  const place = seq === null ? "" : until === null ? ` on step ${seq}` : ` on steps ${seq} to ${until}`;
  return { what: `${what}${place}`, from: text(before, "body"), to: text(after, "body"), seq };
}

function roleTold({ before, after }: LogEntry): Told {
  const word = (values: LogValues) =>
    [
      labelled(roles, roleLabel, text(values, "role")),
      text(values, "status") === "disabled" ? "disabled" : null,
    ]
      .filter((part) => part !== null)
      .join(", ");
  return {
    what: `Role of ${text(after, "name") ?? "a person"} changed`,
    from: word(before),
    to: word(after),
  };
}

function assignmentTold({ before, after }: LogEntry): Told {
  const word = (values: LogValues) => (values["is_active"] === true ? "commands this machine" : "only looks");
  return {
    what: `Assignment of ${text(after, "name") ?? "a person"} changed`,
    from: word(before),
    to: word(after),
  };
}

const TOLD: Readonly<Record<string, (entry: LogEntry) => Told>> = {
  machine_status: ({ before, after }) => ({
    what: "Machine",
    from: machineWord(before),
    to: machineWord(after),
    isTrouble: ["error", "unknown"].includes(text(after, "status") ?? ""),
  }),
  run_status: runTold,
  command_requested: (entry) => ({
    what: `${commandName(entry)} requested${text(entry.after, "mode") === "end_of_cycle" ? ", at the end of the cycle" : ""}`,
    recipeId: text(entry.after, "recipe_id"),
  }),
  command_rejected: (entry) => ({ what: `${commandName(entry)} refused`, isTrouble: true }),
  command_expired: () => ({
    what: "Command expired",
    said: "No controller took it within 30 s.",
    isTrouble: true,
  }),
  controller_lost: () => ({ what: "Controller lost during a run", isTrouble: true }),
  controller_returned: () => ({ what: "Controller returned" }),
  run_marked: ({ before, after }) => ({
    what: after["is_good"] === true ? "Run marked good" : "Good-run mark taken back",
    from: before["is_good"] === true ? "good" : "not marked",
    to: after["is_good"] === true ? "good" : "not marked",
  }),
  note_written: (entry) => noteTold("Note written", entry),
  note_changed: (entry) => noteTold("Note changed", entry),
  note_retracted: (entry) => noteTold("Note taken back", entry),
  recipe_saved: ({ before, after }) => ({
    what: `Recipe ${text(after, "name") ?? ""} saved`.replace("  ", " "),
    from: versionWord(before),
    to: versionWord(after),
    recipeId: text(after, "recipe_id"),
  }),
  signed_in: () => ({ what: "Signed in" }),
  signed_out: () => ({ what: "Signed out" }),
  role_changed: roleTold,
  assignment_changed: assignmentTold,
  telemetry_removed: ({ before }) => ({
    what: `Readings thrown away: ${text(before, "name") ?? "a month"}`,
    from: counted(count(before, "readings") ?? 0, "reading"),
    to: "none",
  }),
};

export function logLine(entry: LogEntry): LogLine {
  const told = TOLD[entry.action]?.(entry) ?? { what: entry.action.replaceAll("_", " ") };
  return { from: null, to: null, said: entry.reason, isTrouble: false, seq: null, recipeId: null, ...told };
}

/** The secret key is a controller's; what has neither key nor person was done in the database itself. */
export function logActor({ actorId, actorName, actorRole }: LogEntry): LogActor {
  if (actorId === null)
    return actorRole === "service_role"
      ? { name: "Controller", role: null }
      : { name: "Database", role: actorRole };
  const role = roles.find((known) => known === actorRole);
  return {
    name: actorName ?? "A person no longer known",
    role: role ? roleLabel(role) : "No active profile",
  };
}
