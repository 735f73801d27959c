import { type Command, commandKindLabel, commandStatusLabel } from "#lib/model/command.ts";
import type { RunFinding } from "#lib/model/report.ts";
import type { RunEvent } from "#lib/model/run-event.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { eventLine } from "./event-lines.ts";
import { findingLine } from "./finding-lines.ts";

export const eventKinds = ["commands", "status", "controller", "marks", "findings"] as const;
export type EventKind = (typeof eventKinds)[number];

/** Who did it: a person, else what did. */
export type Doer = { id: string | null; name: string | null; else: string | null };

/** One line of what happened to a run. */
export type RunEventLine = {
  key: string;
  /** The database's clock, for every kind: lines stand in one order. */
  at: EpochMs;
  kind: EventKind;
  what: string;
  /** Null where the record itself tells it. */
  doer: Doer | null;
  isTrouble: boolean;
  /** The step it leads to. */
  seq: number | null;
};

/** What has been read of one kind of source, newest first; more is there where `hasMore`. */
export type EventSource = { lines: readonly RunEventLine[]; hasMore: boolean };

const KINDS: Readonly<Record<string, EventKind>> = {
  controller_lost: "controller",
  controller_returned: "controller",
  run_marked: "marks",
};

export function auditLine(event: RunEvent): RunEventLine {
  const { text, isTrouble } = eventLine(event);
  const said = event.reason === null ? "" : `: ${event.reason}`;
  return {
    key: `audit ${event.id}`,
    at: event.at,
    kind: KINDS[event.action] ?? "status",
    what: event.action === "run_marked" ? `${event.isGood ? "Marked good" : "Mark taken back"}${said}` : text,
    doer: {
      id: event.actorId,
      name: event.actorName,
      else: event.actorRole === "service_role" ? "the controller" : null,
    },
    isTrouble,
    seq: event.lastSeq,
  };
}

const REFUSED: ReadonlySet<Command["status"]> = new Set(["failed", "rejected", "expired"]);

/** A command as it was asked for, with what became of it. */
export function commandLine(command: Command): RunEventLine {
  const mode = command.mode === "end_of_cycle" ? " at the end of the cycle" : "";
  const after =
    command.settledAt === null
      ? ""
      : ` after ${formatDuration(elapsed(command.requestedAt, command.settledAt))}`;
  const words = [command.refusal, command.reason].flatMap((said) => said ?? []).join(" ");
  const outcome = `${commandStatusLabel(command.status).toLowerCase()}${after}`;
  return {
    key: `command ${command.id}`,
    at: command.requestedAt,
    kind: "commands",
    what: `${commandKindLabel(command.kind)}${mode}, ${outcome}${words === "" ? "" : `: ${words}`}`,
    doer: { id: command.requestedBy, name: command.requestedByName, else: null },
    isTrouble: REFUSED.has(command.status),
    seq: null,
  };
}

/** `at`: when its first step began by the database's clock. */
export function findingEventLine(finding: RunFinding, at: EpochMs): RunEventLine {
  const { key, title, subject, where, reading, seq } = findingLine(finding);
  const what = [`${title}: ${subject}`, reading, where].filter((part) => part !== "").join(" · ");
  return { key: `finding ${key}`, at, kind: "findings", what, doer: null, isTrouble: true, seq };
}

/** All of them newest first, as far back as every source has been read: beyond that a line could be missing. */
export function mergeEvents(sources: readonly EventSource[]): EventSource {
  const open = sources.filter(({ hasMore }) => hasMore);
  const oldest = open.flatMap(({ lines }) => lines.at(-1)?.at ?? []);
  const readTo = Math.max(Number.NEGATIVE_INFINITY, ...oldest);
  const lines = sources
    .flatMap((source) => source.lines)
    .filter(({ at }) => at >= readTo)
    .sort((a, b) => b.at - a.at || b.key.localeCompare(a.key, "en", { numeric: true }));
  return { lines, hasMore: open.length > 0 };
}
