// npm run executor: serves simulated machines until it is told to end.

import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { type ExecutorConnection, findConnection } from "#executor/connection.ts";
import { runAutopilot } from "#executor/demo/autopilot.ts";
import { simulatedKind } from "#executor/drivers/simulated/kind.ts";
import { ExecutorFault, lockFolder } from "#executor/lock.ts";
import { MachineController } from "#executor/machine/machine-controller.ts";
import { ControllerClient, isPassing, type MachineRow } from "#executor/reporter/controller-client.ts";
import { pause } from "#executor/reporter/retry.ts";
import { endSignal } from "#executor/shutdown.ts";
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { dataDirOf } from "#lib/data-folder.ts";

const LOOK_FOR_MACHINES_MS = 2000;
const FIRST_TRIES = 4;

export type ExecutorOptions = ExecutorConnection & {
  /** The executor keeps its queues below `executor/` in here. */
  dataDir: string;
  /** Keep two machines depositing, as a demo operator. */
  demo: boolean;
  /** Serial numbers to serve; all simulated machines when left out. */
  machines?: readonly string[];
  /** Device milliseconds per real one of demo runs; other runs say it themselves. */
  speed?: number;
  signal: AbortSignal;
  log: (line: string) => void;
};

/**
 * Serves machines until the signal aborts, then ends runs under way as aborted and settles within 3 s.
 * Throws an ExecutorFault when it cannot begin.
 */
export async function runExecutor(options: ExecutorOptions): Promise<void> {
  const folder = join(options.dataDir, "executor");
  const unlock = await lockFolder(folder);
  try {
    await requireMachines(options);
    await Promise.all([
      serveMachines(options, folder),
      options.demo
        ? runAutopilot({ connection: options, speed: options.speed ?? 1, log: options.log }, options.signal)
        : null,
    ]);
  } finally {
    await unlock();
  }
}

type Serving = { leave: () => void; done: Promise<void> };

/**
 * New machines are taken up as they appear, and let go when they are out of service and their run is over; each has its
 * own client, so that one's lost link is not the others'.
 */
async function serveMachines(options: ExecutorOptions, folder: string): Promise<void> {
  const client = new ControllerClient(options);
  const controller = controllerName(folder);
  const served = new Map<string, Serving>();
  while (!options.signal.aborted) {
    const listed = await client.machines();
    const wanted = listed.ok ? listed.machines.filter((row) => isOurs(row, options.machines)) : [];
    for (const machine of wanted) {
      if (served.has(machine.id) || !machine.is_active) continue;
      const log = (line: string) => options.log(`${machine.serial_number}: ${line}`);
      const one = serveOne(options, { machine, controller, log, folder: join(folder, machine.id) });
      served.set(machine.id, one);
    }
    if (listed.ok) letGo(served, new Set(wanted.map(({ id }) => id)));
    await pause(LOOK_FOR_MACHINES_MS, options.signal);
  }
  await Promise.all([...served.values()].map(({ done }) => done));
  await client.close();
}

function letGo(served: Map<string, Serving>, wanted: ReadonlySet<string>): void {
  for (const [id, { leave, done }] of served) {
    if (wanted.has(id)) continue;
    leave();
    // Back in service it is taken up again.
    void done.then(() => served.delete(id));
  }
}

type Served = { machine: MachineRow; controller: string; folder: string; log: (line: string) => void };

function serveOne(options: ExecutorOptions, served: Served): Serving {
  const leaving = new AbortController();
  const until = AbortSignal.any([options.signal, leaving.signal]);
  return { leave: () => leaving.abort(), done: serveUntil(options, served, until) };
}

async function serveUntil(options: ExecutorOptions, served: Served, until: AbortSignal): Promise<void> {
  const client = new ControllerClient(options);
  try {
    await MachineController.serve({ ...served, client, kind: simulatedKind }, until);
  } catch (fault) {
    served.log(`not served any more: ${String(fault)}`);
  }
  await client.close();
}

const isOurs = (
  { serial_number, virtual_config }: MachineRow,
  wanted: readonly string[] | undefined,
): boolean =>
  (virtual_config["driver"] ?? simulatedKind.name) === simulatedKind.name &&
  (wanted?.includes(serial_number) ?? true);

/** Says before anything is started that the address or the key is wrong, or that there is nothing to do. */
async function requireMachines(options: ExecutorOptions): Promise<void> {
  const client = new ControllerClient(options);
  const say = (problem: string) => new ExecutorFault(problem);
  for (let attempt = 1; ; attempt += 1) {
    const listed = await client.machines();
    if (listed.ok) {
      const known = new Set(
        listed.machines.filter((row) => row.is_active).map(({ serial_number }) => serial_number),
      );
      const unknown = options.machines?.find((serial) => !known.has(serial));
      if (unknown !== undefined)
        throw say(`there is no active simulated machine ${unknown}; check the serial number.`);
      return;
    }
    if (listed.status === 401 || listed.status === 403) {
      throw say("the secret key was refused; check SUPABASE_SECRET_KEY.");
    }
    if (!isPassing(listed.status, listed.code)) throw say(listed.message);
    if (attempt === FIRST_TRIES)
      throw say(`${options.apiUrl} does not answer as a Pulseboard project: ${listed.message}`);
    await pause(500, options.signal);
  }
}

/** The same for every start on this machine with this folder, so that a restart takes its leases up at once. */
export function controllerName(folder: string): string {
  return `executor@${hostname()}-${createHash("sha256").update(folder).digest("hex").slice(0, 6)}`;
}

const USAGE = "Use: npm run executor -- [--machine SERIAL …] [--speed 1] [--demo]";
const OPTIONS = {
  machine: { type: "string", multiple: true },
  speed: { type: "string" },
  demo: { type: "boolean", default: false },
} as const;

async function main(): Promise<number> {
  const { values } = readCommandLine({ options: OPTIONS }, USAGE);
  const speed = values.speed === undefined ? 1 : Number(values.speed);
  if (!(speed > 0))
    throw new CommandLineFault(
      `The executor did not start: --speed ${values.speed} is not a number above 0.`,
      USAGE,
    );
  const dataDir = dataDirOf(process.env);
  const connection = await findConnection(process.env, dataDir);
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const machines = values.machine === undefined ? {} : { machines: values.machine };
  await runExecutor({
    ...connection,
    ...machines,
    dataDir,
    demo: values.demo,
    speed,
    signal: endSignal(),
    log,
  });
  return 0;
}

function explained(fault: Error): string | undefined {
  if (fault instanceof ExecutorFault) return `The executor did not start: ${fault.message}`;
  return fault instanceof CommandLineFault ? fault.message : fault.stack;
}

if (import.meta.main) {
  const code = await main().catch((fault: Error) => {
    process.stderr.write(`${explained(fault)}\n`);
    return 1;
  });
  process.exit(code);
}
