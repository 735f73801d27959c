import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordedRecipe } from "#executor/drivers/replay/recorded-recipe.ts";
import { recordedSteps } from "#executor/drivers/replay/recorded-steps.ts";
import { readRecording } from "#executor/drivers/replay/recording.ts";

const LOG = new URL("../../../../shared/data/ald-run-2019-05-24", import.meta.url).pathname;

describe("what is no recording at all", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "recording-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const message = async (path: string) => {
    const read = await readRecording(path);
    if (read.ok) throw new Error("was accepted");
    return read.message;
  };

  test("a folder that is not there, or is none, is named", async () => {
    expect(await message(join(folder, "none"))).toBe(`there is no folder ${join(folder, "none")}.`);
    const file = join(folder, "Summary.txt");
    await writeFile(file, "");
    expect(await message(file)).toBe(`${file} is a file; name the folder that holds the log.`);
  });

  test("an empty file is called empty", async () => {
    await writeFile(join(folder, "Summary.txt"), "");
    expect(await message(folder)).toBe("Summary.txt, line 1, column 1: the file is empty; copy it again.");
  });

  test.each([
    ["UTF-16", Buffer.from("\ufeffald_run_Summary.txt\r\n", "utf16le")],
    ["UTF-16", Buffer.from("\ufeffald_run_Summary.txt\r\n", "utf16le").swap16()],
    ["UTF-16 or no text at all", Buffer.from("ald_run_Summary.txt\r\n", "utf16le")],
    ["UTF-8 with a byte order mark", Buffer.from("\ufeffald_run_Summary.txt\r\n", "utf8")],
  ])("a file that was saved as %s is told what it is, and what to do", async (encoding, bytes) => {
    await writeFile(join(folder, "Summary.txt"), bytes);
    expect(await message(folder)).toBe(
      `Summary.txt, line 1, column 1: the file is ${encoding}, the tool writes Latin-1; copy the tool's own file, or save this one as Latin-1 (ISO 8859-1).`,
    );
  });

  test("a run without steps has nothing to replay", async () => {
    await writeFile(join(folder, "Summary.txt"), "run_Summary.txt\nSteps Completed:\t0/0\n");
    expect(await message(folder)).toBe(
      "Summary.txt, line 2, column 2: the run has no steps; there is nothing to replay.",
    );
  });
});

// The log of the real run is not part of this repository; without it beside the repository there is nothing to read.
describe.skipIf(!existsSync(LOG))("the run of 24 May 2019", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "recording-"));
    await cp(LOG, folder, { recursive: true, force: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const replace = async (file: string, change: (text: string) => string) => {
    const path = join(folder, file);
    const bytes = await readFile(path);
    const isPacked = file.endsWith(".gz");
    const changed = Buffer.from(change((isPacked ? gunzipSync(bytes) : bytes).toString("latin1")), "latin1");
    await rm(path, { force: true });
    await writeFile(path, isPacked ? gzipSync(changed) : changed);
  };
  const line = (number: number, change: (fields: string[]) => string[]) => (text: string) =>
    text
      .split("\n")
      .flatMap((whole, index) => (index === number - 1 ? [change(whole.split("\t")).join("\t")] : [whole]))
      .join("\n");
  const field = (number: number, column: number, value: string) =>
    line(number, (fields) => fields.map((old, index) => (index === column - 1 ? value : old)));
  const fault = async () => {
    const read = await readRecording(folder);
    if (read.ok) throw new Error("was accepted");
    expect(read.code).toBe("recording_invalid");
    return read.message;
  };

  test.each([
    [
      "ExecutionTable.txt",
      5,
      5,
      "99999999999999999999",
      '"99999999999999999999" is too large to be a reading or a time',
    ],
    ["ExecutionTable.txt", 5, 5, "864001", "a planned time is a day at most"],
    [
      "Doses-DeltaM.txt",
      6,
      13,
      "1000000000000000000000000000000",
      '"1000000000000000000000000000000" is too large to be a reading or a time',
    ],
    ["DataLog.txt.gz", 9, 3, "-5", "-5 Torr cannot be read there; it goes from 0 to 10 Torr"],
  ])(
    "a figure in %s, line %d, column %d that cannot be: %s",
    async (file, number, column, value, problem) => {
      await replace(file, field(number, column, value));
      const name = file.replace(/^DataLog.*/, "DataLog.txt.gz");
      expect(await fault()).toBe(`${name}, line ${number}, column ${column}: ${problem}.`);
    },
  );

  test("is read whole", async () => {
    const read = await readRecording(folder);
    if (!read.ok) throw new Error(read.message);
    expect([read.recording.rows.length, read.recording.samples.length, read.recording.furnaceC]).toEqual([
      154, 9450, 425,
    ]);
    const steps = recordedSteps(read.recording);
    expect(steps).toHaveLength(304);
    expect(steps[1]).toMatchObject({ type: "valve", measuredMs: 1008 });
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1];
      if (next !== undefined) expect(step.startedAt + step.measuredMs).toBe(next.startedAt);
    }
  });

  test("its pulses have the peaks a person reads off the trace", async () => {
    const read = await readRecording(folder);
    if (!read.ok) throw new Error(read.message);
    const peaks = (mean: (ms: number) => boolean) =>
      recordedSteps(read.recording).flatMap(({ type, measuredMs, pulse }) =>
        type === "valve" && mean(measuredMs) ? [pulse?.peak_torr ?? Number.NaN] : [],
      );
    const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(average(peaks((ms) => ms < 1500))).toBeCloseTo(0.055, 2);
    expect(average(peaks((ms) => ms > 1500))).toBeCloseTo(0.119, 2);
  });

  test("its recipe is 50 cycles, ten TMA pulses outside of any, 20 cycles", async () => {
    const read = await readRecording(folder);
    if (!read.ok) throw new Error(read.message);
    const recipe = recordedRecipe(read.recording);
    expect(
      recipe.map((step) => (step.type === "loop" ? `${step.times} × ${step.children.length}` : step.name)),
    ).toEqual([
      "Purge",
      "50 × 4",
      "Purge",
      ...Array.from({ length: 10 }, () => ["TMA pulse", "TMA purge"]).flat(),
      "Purge",
      "20 × 4",
      "Purge",
    ]);
  });

  test.each([
    [
      "Doses-DeltaM.txt",
      field(12, 9, "yesterday"),
      'Doses-DeltaM.txt, line 12, column 9: "yesterday" is not a time',
    ],
    ["Doses-DeltaM.txt", field(12, 6, "1e5"), 'Doses-DeltaM.txt, line 12, column 6: "1e5" is not a number'],
    ["Doses-DeltaM.txt", field(12, 11, "x"), 'Doses-DeltaM.txt, line 12, column 11: "x" is not a number'],
    [
      "Doses-DeltaM.txt",
      field(12, 5, "NaN"),
      'Doses-DeltaM.txt, line 12, column 5: "NaN" stands where a time is needed',
    ],
    ["Doses-DeltaM.txt", field(12, 3, "H2O"), 'Doses-DeltaM.txt, line 12, column 3: the precursor is "H2O"'],
    ["Doses-DeltaM.txt", field(12, 1, "11"), "Doses-DeltaM.txt, line 12, column 1: the step is 11, not 10"],
    [
      "Doses-DeltaM.txt",
      field(12, 6, "473.423"),
      "Doses-DeltaM.txt, line 12, column 6: the elapsed time 473.423 s does not fit",
    ],
    ["Doses-DeltaM.txt", field(2, 13, "dM"), 'Doses-DeltaM.txt, line 2, column 13: the heading is "dM"'],
    [
      "Doses-DeltaM.txt",
      line(12, (fields) => fields.slice(0, 7)),
      "Doses-DeltaM.txt, line 12, column 8: the line has 7 of 13 fields",
    ],
    [
      "Doses-DeltaM.txt",
      (text: string) => text.split("\n").slice(0, 100).join("\n").concat("\n"),
      "Doses-DeltaM.txt, line 101, column 1: the table ends after 98 of 154 steps",
    ],
    ["Doses-DeltaM.txt", (text: string) => text.slice(0, 5000), "the file ends in the middle of a line"],
    ["Doses-DeltaM.txt", () => "", "Doses-DeltaM.txt, line 1, column 1: the file is empty; copy it again."],
    [
      "ExecutionTable.txt",
      field(7, 6, "3: Fill-Hold-Purge"),
      'ExecutionTable.txt, line 7, column 6: steps of type "3: Fill-Hold-Purge" cannot be replayed',
    ],
    [
      "ExecutionTable.txt",
      field(7, 5, "0"),
      "ExecutionTable.txt, line 7, column 5: a planned time must be above 0",
    ],
    [
      "ExecutionTable.txt",
      field(1, 1, "Another_ExecutionTable.txt"),
      "ExecutionTable.txt, line 1, column 1: the file belongs to run Another",
    ],
    [
      "ExecutionTable.txt",
      (text: string) => text.split("\n").slice(0, 50).join("\n").concat("\n"),
      "ExecutionTable.txt, line 51, column 1: the table has 48 steps, Summary.txt says 154",
    ],
    [
      "Summary.txt",
      field(7, 2, "97/154"),
      "Summary.txt, line 7, column 2: only 97 of 154 steps were completed",
    ],
    [
      "Summary.txt",
      (text: string) => text.split("\n").slice(0, 4).join("\n").concat("\n"),
      'Summary.txt, line 5, column 1: the line "Steps Completed:" is missing',
    ],
    ["DataLog.txt.gz", field(500, 3, "??"), 'DataLog.txt.gz, line 500, column 3: "??" is not a number'],
    [
      "DataLog.txt.gz",
      (text: string) => text.split("\n").slice(0, 5000).join("\n").concat("\n"),
      "DataLog.txt.gz, line 5001, column 1: the log ends before the end of the process",
    ],
  ])("%s, damaged (%#): names the place", async (file, change, message) => {
    await replace(file, change);
    expect(await fault()).toContain(message);
  });

  test.each(["Summary.txt", "ExecutionTable.txt", "Doses-DeltaM.txt", "DataLog.txt.gz"])(
    "without %s",
    async (file) => {
      await rm(join(folder, file), { force: true });
      expect(await fault()).toBe(`${file}, line 1, column 1: the file is missing.`);
    },
  );

  test("a data log whose compressed file was cut short", async () => {
    const path = join(folder, "DataLog.txt.gz");
    const bytes = await readFile(path);
    await rm(path, { force: true });
    await writeFile(path, bytes.subarray(0, 60_000));
    expect(await fault()).toMatch(
      /^DataLog\.txt\.gz, line \d{4}, column \d+: the compressed data ends early or is damaged here\.$/,
    );
  });
});
