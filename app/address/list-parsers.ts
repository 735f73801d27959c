import { createParser } from "nuqs/server";
import { isId } from "#app/address/parsers.ts";
import { runStatuses } from "#lib/model/run.ts";
import type { RunPlace, RunSort } from "#lib/model/run-list.ts";

// Lists and places in lists, as an address holds them. As in parsers.ts: exactly what is meant, or nothing.

/** Up to `most` different ids, with commas between them; the same one twice counts once. */
export const parseAsIds = (most: number) =>
  createParser<readonly string[]>({
    parse: (text) => {
      const ids = [...new Set(text.toLowerCase().split(","))];
      return ids.length <= most && ids.every(isId) ? ids : null;
    },
    serialize: (ids) => ids.join(","),
    eq: (a, b) => a.length === b.length && a.every((id, at) => id === b[at]),
  });

const LONGEST_VALUE = 500;

/** A place in the list of runs, as the database named it. */
export const parseAsPlace = createParser<RunPlace>({
  parse: (text) => {
    const [value, runId, ...more] = parts(text);
    const isValue = typeof value === "number" || (typeof value === "string" && isPlain(value));
    return isValue && typeof runId === "string" && isId(runId) && more.length === 0 ? [value, runId] : null;
  },
  serialize: (place) => JSON.stringify(place),
  eq: (a, b) => a[0] === b[0] && a[1] === b[1],
});

const isPlain = (text: string): boolean => text.length <= LONGEST_VALUE && !text.includes("\u0000");

function parts(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?([+-]\d{2}:\d{2}|Z)$/;
const MOST_COUNTED = 2 ** 31 - 1;
const isCount = (value: unknown): boolean =>
  Number.isInteger(value) && Math.abs(value as number) <= MOST_COUNTED;

const FITS: Readonly<Record<RunSort, (value: string | number) => boolean>> = {
  start_time: (value) => typeof value === "string" && MOMENT.test(value) && !Number.isNaN(Date.parse(value)),
  status: (value) => runStatuses.some((status) => status === value),
  duration: (value) => typeof value === "number",
  deviation_count: isCount,
  steps: isCount,
  machine: (value) => typeof value === "string",
  recipe: (value) => typeof value === "string",
  operator: (value) => typeof value === "string",
};

/** The place, unless it belongs to another order: pasted together, no database could look for it. */
export const placeIn = (sort: RunSort, place: RunPlace | null): RunPlace | null =>
  place !== null && FITS[sort](place[0]) ? place : null;
