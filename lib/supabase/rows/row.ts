import { FieldFault, Fields } from "#lib/model/fields.ts";

// The one edge between database rows and the model: every row is read field by field, and one that cannot be names its
// field.

/** A database row that is not what this version expects: schema and code do not belong together. */
export class RowFault extends Error {
  readonly table: string;
  readonly field: string;
  constructor(table: string, field: string, problem: string) {
    super(`A row of ${table} could not be read: ${field}: ${problem}.`);
    this.name = "RowFault";
    this.table = table;
    this.field = field;
  }
}

/** A reader of rows of `table`; it throws a RowFault that names the first field that does not fit. */
export const rowReader =
  <T>(table: string, read: (row: Fields) => T): ((value: unknown) => T) =>
  (value) => {
    try {
      return read(new Fields(value));
    } catch (fault) {
      if (!(fault instanceof FieldFault)) throw fault;
      throw new RowFault(table, fault.path === "" ? "(row)" : fault.path, fault.problem);
    }
  };

/** Optional text that the tables keep as an empty string. */
export const filledText = (row: Fields, name: string): string | null => row.maybeText(name) || null;

/** A row within a row, null when it is not there. */
export const optional = <T>(read: (value: unknown) => T, value: unknown): T | null =>
  value === null || value === undefined ? null : read(value);
