import { Cell, LogFault, readLines } from "#executor/drivers/replay/log-table.ts";
import type { EpochMs } from "#lib/time.ts";

/** What Summary.txt says of the run. */
export type Summary = {
  name: string;
  startedAt: EpochMs;
  endedAt: EpochMs;
  furnaceC: number;
  notes: string;
  steps: number;
};

/** Reads Summary.txt; throws a LogFault, also for a run that was cut short. */
export async function readSummary(path: string): Promise<Summary> {
  const { file, lines } = await readLines(path);
  const suffix = `_${file}`;
  if (lines[0]?.endsWith(suffix) !== true)
    throw new LogFault(file, 1, 1, `the first line does not name a run (it should end in ${suffix})`);
  const cell = (label: string) => summaryCell(file, lines, label);
  const completed = cell("Steps Completed:");
  const [, done, steps] = /^(\d+)\/(\d+)$/.exec(completed.text) ?? [];
  if (done === undefined || steps === undefined)
    throw completed.fault(`"${completed.text}" is not a count such as 154/154`);
  if (done !== steps)
    throw completed.fault(
      `only ${done} of ${steps} steps were completed; a run that was cut short cannot be replayed`,
    );
  if (Number(steps) === 0) throw completed.fault("the run has no steps; there is nothing to replay");
  const startedAt = cell("Graph/Process Start Timestamp:").moment();
  const endedAt = cell("Process End Timestamp:").moment();
  if (endedAt <= startedAt) throw cell("Process End Timestamp:").fault("the process ends before it starts");
  if (lines.at(-1)?.trim() !== "ALD Process Complete.")
    throw new LogFault(file, lines.length + 1, 1, 'the last line is not "ALD Process Complete."');
  const furnaceC = cell("Furnace Temp. [ºC]:").number();
  return {
    name: lines[0].slice(0, -suffix.length),
    startedAt,
    endedAt,
    furnaceC,
    notes: cell("Notes:").text,
    steps: Number(steps),
  };
}

function summaryCell(file: string, lines: readonly string[], label: string) {
  const index = lines.findIndex((line) => line.startsWith(label));
  const fields = lines[index]?.split("\t") ?? [];
  if (index < 0) throw new LogFault(file, lines.length + 1, 1, `the line "${label}" is missing`);
  const value = fields[1];
  if (value === undefined) throw new LogFault(file, index + 1, 2, `the line "${label}" has no value`);
  return new Cell(value, file, index + 1, 2);
}
