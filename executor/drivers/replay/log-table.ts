import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { type EpochMs, epochMs } from "#lib/time.ts";

/** A log file does not hold what it should. Names the file, the line and the column (both from 1). */
export class LogFault extends Error {
  constructor(file: string, line: number, column: number, problem: string) {
    super(`${file}, line ${line}, column ${column}: ${problem}.`);
    this.name = "LogFault";
  }
}

/** Nothing that such a tool writes comes near it. */
const LARGEST = 1e9;

/** One tab-separated field, and where it stands. */
export class Cell {
  readonly text: string;
  readonly #file: string;
  readonly #line: number;
  readonly #column: number;

  constructor(text: string, file: string, line: number, column: number) {
    this.text = text.trim();
    this.#file = file;
    this.#line = line;
    this.#column = column;
  }

  fault(problem: string): LogFault {
    return new LogFault(this.#file, this.#line, this.#column, problem);
  }

  /** The number here; null for NaN and N/A, which the tool writes where there is none. */
  numberOrNull(): number | null {
    if (this.text === "NaN" || this.text === "N/A") return null;
    if (!/^-?\d+(\.\d+)?$/.test(this.text)) throw this.fault(`"${this.text}" is not a number`);
    const value = Number(this.text);
    if (Math.abs(value) > LARGEST) throw this.fault(`"${this.text}" is too large to be a reading or a time`);
    return value;
  }

  number(): number {
    const value = this.numberOrNull();
    if (value === null) throw this.fault(`"${this.text}" stands where a number is needed`);
    return value;
  }

  /** A moment such as `11:28:14.164 05/24/2019`, taken as UTC; null for NaN. */
  momentOrNull(): EpochMs | null {
    if (this.text === "NaN") return null;
    const parts = /^(\d\d):(\d\d):(\d\d)\.(\d{3}) (\d\d)\/(\d\d)\/(\d{4})$/.exec(this.text);
    const [, hour, minute, second, ms, month, day, year] = parts ?? [];
    const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
    if (Number.isNaN(at)) throw this.fault(`"${this.text}" is not a time such as 11:28:14.164 05/24/2019`);
    return epochMs(at);
  }

  moment(): EpochMs {
    const at = this.momentOrNull();
    if (at === null) throw this.fault(`"${this.text}" stands where a time is needed`);
    return at;
  }
}

export type LogTable = {
  file: string;
  name: string;
  rows: Row[] /** Just after the last line. */;
  end: Cell;
};
export type Row = { cells: Cell[]; at: (index: number) => Cell };

/** Lines of a log file, which is Latin-1 and ends every line with a newline. */
export async function readLines(path: string): Promise<{ file: string; lines: string[] }> {
  const file = basename(path);
  const bytes = await readFile(path).catch((fault: NodeJS.ErrnoException) => {
    throw new LogFault(
      file,
      1,
      1,
      fault.code === "ENOENT" ? "the file is missing" : `the file cannot be read (${fault.code})`,
    );
  });
  const content = path.endsWith(".gz") ? inflated(file, bytes) : bytes;
  const encoding = foreignEncoding(content);
  if (encoding !== null) throw new LogFault(file, 1, 1, otherEncoding(encoding));
  const text = content.toString("latin1");
  const lines = text.split(/\r?\n/);
  const last = lines.pop() ?? "";
  if (text === "") throw new LogFault(file, 1, 1, "the file is empty; copy it again");
  if (last !== "")
    throw new LogFault(
      file,
      lines.length + 1,
      last.split("\t").length,
      "the file ends in the middle of a line",
    );
  return { file, lines };
}

const otherEncoding = (encoding: string): string =>
  `the file is ${encoding}, the tool writes Latin-1; copy the tool's own file, or save this one as Latin-1 (ISO 8859-1)`;

/** How a file was saved that an editor has had in its hands: by its mark, or by the zeros between its letters. */
function foreignEncoding(bytes: Buffer): string | null {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return "UTF-16";
  if (first === 0xfe && second === 0xff) return "UTF-16";
  if (first === 0xef && second === 0xbb && third === 0xbf) return "UTF-8 with a byte order mark";
  return bytes.subarray(0, 100).includes(0) ? "UTF-16 or no text at all" : null;
}

function inflated(file: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    // Whatever is wrong with it, what could be unpacked tells how far the file is good.
    const { line, column } = endOf(partly(bytes));
    throw new LogFault(file, line, column, "the compressed data ends early or is damaged here");
  }
}

function partly(bytes: Buffer): string {
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString("latin1");
  } catch {
    return "";
  }
}

function endOf(text: string): { line: number; column: number } {
  const lines = text.split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").split("\t").length };
}

/** A table with a first line naming the run, a line of headings, and rows of as many fields. */
export async function readTable(path: string, headings: readonly string[]): Promise<LogTable> {
  const { file, lines } = await readLines(path);
  const [name = "", headLine, ...rest] = lines;
  const suffix = `_${file.replace(/\.gz$/, "")}`;
  if (!name.endsWith(suffix))
    throw new LogFault(file, 1, 1, `the first line does not name a run (it should end in ${suffix})`);
  if (headLine === undefined) throw new LogFault(file, 2, 1, "the headings are missing");
  checkHeadings(file, headLine.split("\t"), headings);
  const rows = rest.map((line, index) => rowOf(file, index + 3, line, headings.length));
  return { file, name: name.slice(0, -suffix.length), rows, end: new Cell("", file, lines.length + 1, 1) };
}

function checkHeadings(file: string, found: readonly string[], headings: readonly string[]): void {
  for (const [index, heading] of headings.entries()) {
    const text = found[index]?.trim();
    if (text !== heading)
      throw new LogFault(file, 2, index + 1, `the heading is "${text ?? ""}", not "${heading}"`);
  }
  if (found.length > headings.length) {
    throw new LogFault(file, 2, headings.length + 1, `the heading "${found[headings.length]}" is not known`);
  }
}

function rowOf(file: string, line: number, text: string, width: number): Row {
  const fields = text.split("\t");
  if (fields.length !== width) {
    throw new LogFault(
      file,
      line,
      Math.min(fields.length, width) + 1,
      `the line has ${fields.length} of ${width} fields`,
    );
  }
  const cells = fields.map((field, index) => new Cell(field, file, line, index + 1));
  const at = (index: number): Cell => {
    const cell = cells[index];
    if (cell === undefined) throw new Error(`a row of ${width} fields was asked for field ${index}`);
    return cell;
  };
  return { cells, at };
}
