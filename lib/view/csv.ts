// Lines of a table that a spreadsheet opens (RFC 4180). Guarded by csv.test.ts.

export type CsvCell = string | number | boolean | null;

export const csvRow = (cells: readonly CsvCell[]): string => `${cells.map(written).join(",")}\r\n`;

/** Text that a spreadsheet would take for a formula is kept text by an apostrophe before it. */
function written(cell: CsvCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(Number(cell.toPrecision(12)));
  if (typeof cell === "boolean") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
