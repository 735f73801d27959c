import type { EpochMs } from "#lib/time.ts";

/** What the log can be narrowed to, as `read_log` calls it. */
export const logKinds = [
  "command",
  "refusal",
  "machine",
  "run",
  "note",
  "mark",
  "recipe",
  "session",
  "upkeep",
] as const;
export type LogKind = (typeof logKinds)[number];

const kindLabels: Record<LogKind, string> = {
  command: "Commands",
  refusal: "Refusals",
  machine: "Machine status",
  run: "Run status",
  note: "Notes",
  mark: "Good-run marks",
  recipe: "Recipe changes",
  session: "Sign-ins and roles",
  upkeep: "Upkeep",
};

export const logKindLabel = (kind: LogKind): string => kindLabels[kind];

/** What is not said does not narrow. */
export type LogFilter = {
  runId?: string;
  machineId?: string;
  personId?: string;
  /** Done by no person: by a controller, or by the database itself. */
  isNobody?: boolean;
  kind?: LogKind;
  /** From, included, to, not included. */
  from?: EpochMs;
  to?: EpochMs;
  text?: string;
};

/** A value before or after a change, as the audit log keeps it. */
export type LogValues = Readonly<Record<string, unknown>>;

/** One entry of the log: who did what to what, when, and why. */
export type LogEntry = {
  /** Entries are numbered as they are written. */
  id: number;
  at: EpochMs;
  actorId: string | null;
  actorName: string | null;
  /** The role at that moment; service_role for the secret key. */
  actorRole: string;
  action: string;
  machineId: string | null;
  machineName: string | null;
  runId: string | null;
  recipeName: string | null;
  before: LogValues;
  after: LogValues;
  reason: string | null;
  isSimulated: boolean;
};

/** A number of an entry: the page begins behind it, in one direction. */
export type LogPlace = { id: number; isNewer: boolean };

export type LogPage = {
  /** Newest first. */
  rows: readonly LogEntry[];
  /** From where the older ones are read; null where none follow. */
  older: number | null;
  /** Nothing newer stands before this page. */
  isFirst: boolean;
  /** So far back was looked without finding enough; null when the page is full or the log at its end. */
  lookedUntil: EpochMs | null;
};

export type LogChoice = { id: string; name: string };
export type LogChoices = { machines: readonly LogChoice[]; people: readonly LogChoice[] };
