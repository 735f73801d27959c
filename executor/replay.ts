// npm run replay -- DIR --speed 60: plays a recorded run live.

import { hostname } from "node:os";
import { resolve } from "node:path";
import { findConnection } from "#executor/connection.ts";
import { type DraftStep, recordedRecipe } from "#executor/drivers/replay/recorded-recipe.ts";
import { recordedSteps } from "#executor/drivers/replay/recorded-steps.ts";
import { readRecording } from "#executor/drivers/replay/recording.ts";
import type { Action } from "#executor/engine/position.ts";
import { ExecutorFault } from "#executor/lock.ts";
import { replayRun } from "#executor/replay-run.ts";
import { endSignal } from "#executor/shutdown.ts";
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { dataDirOf } from "#lib/data-folder.ts";

const BAR_WIDTH = 30;
const USAGE =
  "Use: npm run replay -- DIR [--speed 60], where DIR holds ExecutionTable.txt, Doses-DeltaM.txt, DataLog.txt.gz and Summary.txt.";

async function main(): Promise<number> {
  const { folder, speed } = readArguments();
  const read = await readRecording(folder);
  if (!read.ok) throw new ExecutorFault(read.message);
  const { recording } = read;
  const dataDir = dataDirOf(process.env);
  const connection = await findConnection(process.env, dataDir);
  const signal = endSignal();
  const steps = recordedSteps(recording).length;
  const progress = progressOf(steps, cyclesOf(recordedRecipe(recording)));
  say(`${recording.name}: ${steps} steps, ${recording.samples.length} samples, ${speed} × speed`);
  const { runId, outcome } = await replayRun({
    connection,
    recording,
    speed,
    operator: {
      email: process.env["PULSEBOARD_OPERATOR_EMAIL"] ?? "operator@pulseboard.local",
      password: process.env["PULSEBOARD_OPERATOR_PASSWORD"] ?? "pulseboard",
    },
    dataDir,
    controller: `replay@${hostname()}`,
    signal,
    log: progress.log,
    onStart: (id) => say(`live at /runs/${id}`),
    onStep: progress.step,
  });
  progress.end();
  say(`${outcome}: /runs/${runId}`);
  return outcome === "completed" ? 0 : 1;
}

function readArguments(): { folder: string; speed: number } {
  const options = { speed: { type: "string", default: "60" } } as const;
  const { values, positionals } = readCommandLine({ allowPositionals: true, options }, USAGE);
  const [folder] = positionals;
  const speed = Number(values.speed);
  if (folder === undefined || positionals.length > 1)
    throw new CommandLineFault("Nothing was replayed: one folder is needed.", USAGE);
  if (!(speed > 0 && speed <= 100_000))
    throw new CommandLineFault(
      `Nothing was replayed: --speed ${values.speed} is not a number from above 0 to 100000.`,
      USAGE,
    );
  return { folder: resolve(folder), speed };
}

const cyclesOf = (recipe: readonly DraftStep[]): number =>
  recipe.reduce((sum, step) => sum + (step.type === "loop" ? step.times : 0), 0);

/** A bar that is redrawn on a terminal; a line per tenth of the steps elsewhere. */
function progressOf(steps: number, cycles: number) {
  const isTerminal = process.stderr.isTTY === true;
  let shown = -1;
  const step = ({ seq, cycle, step: { name } }: Action) => {
    const part = seq / steps;
    const place = cycle === null ? "" : `cycle ${cycle}/${cycles}  `;
    const text = `${String(Math.floor(part * 100)).padStart(3)} %  ${place}${name}`;
    const tenth = Math.floor(part * 10);
    if (isTerminal) process.stderr.write(`\r\u001b[K${bar(part)} ${text}`);
    else if (tenth !== shown) process.stderr.write(`${text}\n`);
    shown = tenth;
  };
  const clear = () => isTerminal && process.stderr.write("\r\u001b[K");
  return {
    step,
    log: (line: string) => {
      clear();
      process.stderr.write(`${line}\n`);
    },
    end: () => {
      clear();
    },
  };
}

const bar = (part: number): string => {
  const full = Math.round(part * BAR_WIDTH);
  return `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}`;
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function explained(fault: Error): string | undefined {
  if (fault instanceof ExecutorFault) return `Nothing was replayed: ${fault.message}`;
  return fault instanceof CommandLineFault ? fault.message : fault.stack;
}

const code = await main().catch((fault: Error) => {
  process.stderr.write(`${explained(fault)}\n`);
  return 1;
});
process.exit(code);
