import { createLoader, createParser, parseAsStringLiteral } from "nuqs/server";
import { type Ignored, ignoredParams } from "#app/address/ignored.ts";
import {
  isId,
  LONGEST_TEXT,
  parseAsCount,
  parseAsDay,
  parseAsId,
  parseAsWords,
} from "#app/address/parsers.ts";
import { type LogFilter, type LogPlace, logKinds } from "#lib/model/log.ts";
import { DAY, epochMs } from "#lib/time.ts";

/** In the place of a person: what no person did. */
export const NOBODY = "nobody";

/** What the log is narrowed to. */
const selectionParams = {
  kind: parseAsStringLiteral(logKinds),
  machine: parseAsId,
  run: parseAsId,
  person: createParser({
    parse: (text) => (text === NOBODY || isId(text) ? text : null),
    serialize: (person: string) => person,
  }),
  text: parseAsWords.withDefault(""),
  /** First day, UTC. */
  from: parseAsDay,
  /** Last day, UTC, included. */
  to: parseAsDay,
};

/** The whole state of the log. A link reproduces it exactly. */
export const logParams = {
  ...selectionParams,
  /** The number of the entry that the page begins behind, going back or coming forward; neither: with the newest. */
  before: parseAsCount(Number.MAX_SAFE_INTEGER),
  after: parseAsCount(Number.MAX_SAFE_INTEGER),
};

/** What each of them should be. */
const LOG_PARAMS_WANTED: Readonly<Record<keyof typeof logParams, string>> = {
  kind: `a kind of entry (${logKinds.join(", ")})`,
  machine: "the id of a machine",
  run: "the id of a run",
  person: `the id of a person, or ${NOBODY}`,
  text: `text of at most ${LONGEST_TEXT} characters`,
  from: "a day, such as 2026-11-21",
  to: "a day, such as 2026-11-21",
  before: "the number of an entry",
  after: "the number of an entry",
};

/** What the address says that the log cannot follow. */
export function ignoredLog(search: Pick<URLSearchParams, "getAll">): readonly Ignored[] {
  const ignored = ignoredParams(logParams, LOG_PARAMS_WANTED, search);
  if (ignored.length > 0) return ignored;
  const isTwice = search.getAll("before").length > 0 && search.getAll("after").length > 0;
  return isTwice ? [{ name: "after", why: "stands beside before, which counts" }] : [];
}

export const loadLogParams = createLoader(logParams);

export const ENTRIES_PER_PAGE = 50;

type LogParams = Awaited<ReturnType<typeof loadLogParams>>;
type Selection = Pick<LogParams, keyof typeof selectionParams>;

export function logFilter({ kind, machine, run, person, text, from, to }: Selection): LogFilter {
  return {
    ...(kind ? { kind } : {}),
    ...(machine ? { machineId: machine } : {}),
    ...(run ? { runId: run } : {}),
    ...(person === NOBODY ? { isNobody: true } : person ? { personId: person } : {}),
    ...(text ? { text } : {}),
    ...(from ? { from: epochMs(from.getTime()) } : {}),
    ...(to ? { to: epochMs(to.getTime() + DAY) } : {}),
  };
}

export function logPlace({ before, after }: Pick<LogParams, "before" | "after">): LogPlace | null {
  if (before !== null) return { id: before, isNewer: false };
  return after === null ? null : { id: after, isNewer: true };
}
