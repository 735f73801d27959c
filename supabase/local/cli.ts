/** `npm run stack`: runs an embedded stack until SIGTERM, SIGINT or SIGHUP. Standard output carries the result only. */
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";
import { type Stack, startStack } from "./stack.ts";
import { StackFault } from "./stack-fault.ts";
import { parsePort, type StackOptions } from "./stack-options.ts";

const USAGE = `Usage: npm run stack -- [options]
  --ephemeral      throw-away data in a temporary folder, on free ports
  --json           print one JSON line {apiUrl,dbUrl,publishableKey,secretKey,users} when ready
  --no-seed        leave the tables empty
  --port N         port of the API (0: any free one)
  --db-port N      port of the database (0: any free one)
  --data-dir DIR   where the data of a lasting stack lives`;

async function main(): Promise<void> {
  const arguments_ = readArguments(process.argv.slice(2));
  if (arguments_ === null) return console.log(USAGE);
  const { options, isJson } = arguments_;
  const ending = new AbortController();
  const end = whenAskedToEnd(() => {
    ending.abort(new StackFault("The start was called off; nothing is running."));
  });
  const onProgress = (line: string) => console.error(`[stack] ${line}`);
  const stack = await startStack({ ...options, signal: ending.signal, onProgress });
  try {
    console.log(isJson ? infoLine(stack) : humanText(stack, options));
    await end;
  } finally {
    await stack.stop();
  }
}

/** Resolves at the first signal; a fault nobody caught ends the stack in order as well, with exit code 1. */
function whenAskedToEnd(onAsked: () => void): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      onAsked();
      resolve();
    };
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
    process.on("uncaughtException", (error) => {
      console.error(error);
      process.exitCode = 1;
      end();
    });
  });
}

function readArguments(args: string[]): { options: StackOptions; isJson: boolean } | null {
  const { values } = readCommandLine({ args, options: OPTIONS }, USAGE);
  if (values.help) return null;
  const options: StackOptions = { seed: values["no-seed"] !== true, ephemeral: values.ephemeral === true };
  if (values["data-dir"] !== undefined) {
    if (options.ephemeral)
      throw new StackFault("--ephemeral and --data-dir exclude each other; drop one of them.");
    options.dataDir = values["data-dir"];
  }
  if (values.port !== undefined) options.apiPort = parsePort("--port", values.port, 0);
  if (values["db-port"] !== undefined) options.dbPort = parsePort("--db-port", values["db-port"], 0);
  return { options, isJson: values.json === true };
}

const OPTIONS = {
  ephemeral: { type: "boolean" },
  json: { type: "boolean" },
  "no-seed": { type: "boolean" },
  port: { type: "string" },
  "db-port": { type: "string" },
  "data-dir": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

function infoLine({ apiUrl, dbUrl, publishableKey, secretKey, users }: Stack): string {
  return JSON.stringify({ apiUrl, dbUrl, publishableKey, secretKey, users });
}

function humanText(stack: Stack, options: StackOptions): string {
  const people = stack.users.map(({ email, password, role }) => `  ${role.padEnd(9)} ${email} / ${password}`);
  return [
    "Pulseboard embedded development stack: loopback only, not for production.",
    `  API              ${stack.apiUrl}`,
    `  Database         ${stack.dbUrl}`,
    `  Publishable key  ${stack.publishableKey}`,
    `  Secret key       ${stack.secretKey}`,
    ...(people.length > 0 ? ["Demo people:", ...people] : []),
    options.ephemeral
      ? "Press Ctrl-C to stop; the data is thrown away."
      : "Press Ctrl-C to stop; the data is kept.",
  ].join("\n");
}

// A reader that went away (`| head -1`) is no reason to die without cleaning up.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

main().catch((error: unknown) => {
  const isExpected = error instanceof StackFault || error instanceof CommandLineFault;
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
});
