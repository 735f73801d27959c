import { openSession, untilOver } from "#scripts/start/session.ts";
import { start } from "#scripts/start/start.ts";
import { StartFault } from "#scripts/start/start-fault.ts";
import { welcome } from "#scripts/start/welcome.ts";
import { StackFault } from "#supabase/local/stack-fault.ts";

// A terminal that was closed takes no more lines; what was started has to be stopped all the same.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const session = openSession();
try {
  const running = await start(process.env, session, (line) => console.log(line));
  console.log(welcome(running));
  await untilOver(session);
} catch (error) {
  session.over(error instanceof Error ? error : String(error));
}
if (typeof session.signal.reason === "string") console.log("Stopping …");
await session.close();
process.exitCode = report(session.signal.reason);

/** Says why it is over. Being told to stop is no failure. */
function report(reason: unknown): number {
  if (typeof reason === "string") {
    console.log("Stopped; nothing is left running.");
    return 0;
  }
  const isExpected = reason instanceof StartFault || reason instanceof StackFault;
  console.error(isExpected ? `Pulseboard does not run: ${reason.message}` : reason);
  return 1;
}
