import type { LogEntry } from "#lib/model/log.ts";
import { isoMoment } from "#lib/time.ts";
import { type CsvCell, csvRow } from "./csv.ts";
import { type LogActor, type LogLine, logActor, logLine } from "./log-lines.ts";

type Told = { entry: LogEntry; line: LogLine; actor: LogActor };

const json = (values: LogEntry["before"]): string | null =>
  Object.keys(values).length === 0 ? null : JSON.stringify(values);

/** Times in UTC, to the millisecond; before and after in words, and whole as the database keeps them. */
const COLUMNS: readonly (readonly [name: string, of: (told: Told) => CsvCell])[] = [
  ["id", ({ entry }) => entry.id],
  ["at", ({ entry }) => isoMoment(entry.at)],
  ["actor", ({ actor }) => actor.name],
  ["actor_role", ({ entry }) => entry.actorRole],
  ["actor_id", ({ entry }) => entry.actorId],
  ["action", ({ entry }) => entry.action],
  ["what", ({ line }) => line.what],
  ["from", ({ line }) => line.from],
  ["to", ({ line }) => line.to],
  ["reason", ({ line }) => line.said],
  ["machine", ({ entry }) => entry.machineName],
  ["machine_id", ({ entry }) => entry.machineId],
  ["recipe", ({ entry }) => entry.recipeName],
  ["run_id", ({ entry }) => entry.runId],
  ["step", ({ line }) => line.seq],
  ["before", ({ entry }) => json(entry.before)],
  ["after", ({ entry }) => json(entry.after)],
  ["origin", ({ entry }) => (entry.isSimulated ? "simulated" : null)],
];

/** Names of the columns, as a line. */
export const logCsvHeading = (): string => csvRow(COLUMNS.map(([name]) => name));

/** One entry as a line. */
export function logCsvLine(entry: LogEntry): string {
  const told = { entry, line: logLine(entry), actor: logActor(entry) };
  return csvRow(COLUMNS.map(([, of]) => of(told)));
}
