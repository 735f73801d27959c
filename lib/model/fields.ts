// Reads what came from outside (rows, frozen programs, answers) field by field, and names the first that does not fit.
// Written by hand because it runs in the browser, with every change of every row: a schema library weighs more there than
// all rows together, and is slower where the page's policy forbids it to compile. Guarded by fields.test.ts.

import { type DurationMs, durationMs, type EpochMs, parseMoment } from "#lib/time.ts";

/** Something does not fit: where in what was read (empty: all of it), and how. */
export class FieldFault extends Error {
  readonly path: string;
  readonly problem: string;
  constructor(path: string, problem: string) {
    super(`${path === "" ? "value" : path}: ${problem}`);
    this.name = "FieldFault";
    this.path = path;
    this.problem = problem;
  }

  /** The same, where what was read is itself a part of something. */
  under(path: string): FieldFault {
    return new FieldFault(this.path === "" ? path : `${path}.${this.path}`, this.problem);
  }
}

/** int8 and numeric arrive as number or, over some paths, as text. */
const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/**
 * The fields of one object. Every method throws a FieldFault when the field is not what its name says; those called
 * `maybe…` take null and a missing field for null.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new FieldFault(path, "is not an object");
    this.#values = value as Record<string, unknown>;
    this.#path = path;
  }

  /** Whatever is there. */
  raw(name: string): unknown {
    return this.#values[name];
  }

  text(name: string): string {
    const value = this.#values[name];
    return typeof value === "string" ? value : this.fail(name, "is not text");
  }

  maybeText(name: string): string | null {
    return this.#has(name) ? this.text(name) : null;
  }

  /** A number, be it written as text. */
  number(name: string): number {
    return numberOf(this.#values[name], this.pathOf(name));
  }

  maybeNumber(name: string): number | null {
    return this.#has(name) ? this.number(name) : null;
  }

  /** A number that is a number already. */
  real(name: string): number {
    const value = this.#values[name];
    return typeof value === "number" && Number.isFinite(value) ? value : this.fail(name, "is not a number");
  }

  maybeReal(name: string): number | null {
    return this.#has(name) ? this.real(name) : null;
  }

  integer(name: string, least = Number.MIN_SAFE_INTEGER): number {
    const value = this.real(name);
    if (!Number.isSafeInteger(value)) return this.fail(name, "is not a whole number");
    return value < least ? this.fail(name, `is below ${least}`) : value;
  }

  maybeDuration(name: string): DurationMs | null {
    return this.#has(name) ? durationMs(this.number(name)) : null;
  }

  moment(name: string): EpochMs {
    const value = this.text(name);
    return parseMoment(value) ?? this.fail(name, `"${value}" is not a moment`);
  }

  maybeMoment(name: string): EpochMs | null {
    return this.#has(name) ? this.moment(name) : null;
  }

  yes(name: string): boolean {
    const value = this.#values[name];
    return typeof value === "boolean" ? value : this.fail(name, "is neither true nor false");
  }

  /** Yes or no, `otherwise` when it is not said. */
  yesOr(name: string, otherwise: boolean): boolean {
    return this.#has(name) ? this.yes(name) : otherwise;
  }

  /** One of the words. */
  word<Word extends string>(name: string, words: readonly Word[]): Word {
    const value = this.text(name);
    return (
      words.find((word) => word === value) ?? this.fail(name, `"${value}" is none of ${words.join(", ")}`)
    );
  }

  maybeWord<Word extends string>(name: string, words: readonly Word[]): Word | null {
    return this.#has(name) ? this.word(name, words) : null;
  }

  list(name: string): readonly unknown[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value : this.fail(name, "is not a list");
  }

  /** The list, none when it is not there. */
  listOr(name: string): readonly unknown[] {
    return this.#has(name) ? this.list(name) : [];
  }

  /** The objects of a list, each read by its own fields. */
  each<T>(name: string, read: (fields: Fields) => T): T[] {
    return this.list(name).map((value, at) => read(new Fields(value, `${this.pathOf(name)}[${at}]`)));
  }

  inner(name: string): Fields {
    return new Fields(this.#values[name], this.pathOf(name));
  }

  maybeInner(name: string): Fields | null {
    return this.#has(name) ? this.inner(name) : null;
  }

  /** Refuses a field for a reason of the caller's. */
  fail(name: string, problem: string): never {
    throw new FieldFault(this.pathOf(name), problem);
  }

  /** Where a field lies in all that was read. */
  pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #has(name: string): boolean {
    return this.#values[name] !== null && this.#values[name] !== undefined;
  }
}

/** A number, be it written as text; throws a FieldFault that names `path`. */
export function numberOf(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string" && NUMBER.test(value)) return Number(value);
  throw new FieldFault(path, "is not a number");
}
