import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { openSession, untilOver } from "#scripts/start/session.ts";
import { start } from "#scripts/start/start.ts";
import { AlreadyRunning, continued, StartFault } from "#scripts/start/start-fault.ts";
import { welcome } from "#scripts/start/welcome.ts";
import { StackFault } from "#supabase/local/stack-fault.ts";

// A terminal that was closed takes no more lines; what was started has to be stopped all the same.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

/** Longer than every part needs for its own stopping; the database ends with us, whatever it was doing. */
const PATIENCE_MS = 25_000;

const USAGE =
  "Use: npm start, with SUPABASE_URL, PORT and the like in the environment (README.md lists them).";

const session = openSession();
try {
  readCommandLine({}, USAGE);
  const running = await start(process.env, session, (line) => console.log(line));
  console.log(welcome(running));
  await untilOver(session);
} catch (error) {
  session.over(error instanceof Error ? error : String(error));
}
if (typeof session.signal.reason === "string") console.log("Stopping …");
setTimeout(endAtOnce, PATIENCE_MS).unref();
await session.close();
process.exitCode = report(session.signal.reason);

/** Says why it is over. Being told to stop is no failure. */
function report(reason: unknown): number {
  if (typeof reason === "string") {
    console.log("Stopped; nothing is left running.");
    return 0;
  }
  const isExpected = reason instanceof StartFault || reason instanceof StackFault;
  const isWhole = reason instanceof CommandLineFault || reason instanceof AlreadyRunning;
  if (isWhole) console.error(reason.message);
  else console.error(isExpected ? `Pulseboard does not run: ${continued(reason.message)}` : reason);
  return 1;
}

function endAtOnce(): void {
  console.error(`Pulseboard did not stop within ${PATIENCE_MS / 1000} s and was ended.`);
  process.exit(1);
}
