import { createParser } from "nuqs/server";

// What an address may hold. Each reads exactly what it means and nothing that merely begins like it: an address is typed,
// pasted and cut by people and programs, and what it holds goes into a question to the database.

/** Any id that Postgres takes for one; a lab's own need not carry a version. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => ID.test(text);

const asWritten = (text: string): string => text;

export const parseAsId = createParser({
  parse: (text) => (isId(text) ? text : null),
  serialize: asWritten,
});

export const LONGEST_TEXT = 200;

/** Words to look for; no control characters, which no column can hold. */
export const parseAsWords = createParser({
  parse: (text) => (text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text) ? text : null),
  serialize: asWritten,
});

export const parseAsFlag = createParser<boolean>({
  parse: (text) => (text === "true" ? true : text === "false" ? false : null),
  serialize: String,
});

/** A day as 2026-11-21, at its beginning in UTC. */
export const parseAsDay = createParser({
  parse: (text) => {
    // Of this age: the day after the last of four digits is none that a database reads.
    const day = /^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
    return day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? day : null;
  },
  serialize: (day: Date) => day.toISOString().slice(0, 10),
  eq: (a, b) => a.getTime() === b.getTime(),
});

/** A whole number from 1 to `most`. */
export const parseAsCount = (most: number) =>
  createParser({
    parse: (text) => (/^[1-9]\d{0,15}$/.test(text) && Number(text) <= most ? Number(text) : null),
    serialize: String,
  });

/** Three years: longer than a run, and still a time that Postgres can add. */
const LONGEST_OFFSET_MS = 1e11;

/** Milliseconds from the beginning of a run. */
export const parseAsOffsetMs = createParser({
  parse: (text) =>
    /^\d{1,12}(\.\d+)?$/.test(text) && Number(text) <= LONGEST_OFFSET_MS ? Number(text) : null,
  serialize: String,
});
