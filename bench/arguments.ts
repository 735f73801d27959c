import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";

export type Arguments = { ids: string[]; runs: number; isQuick: boolean };

const USAGE = `Use: npm run bench -- [N1 N7 …] [--runs N] [--quick]
  (no names)   all benchmarks
  --runs N     measure everything N times (default 3)
  --quick      one short run of everything; for a look, not to be quoted`;

/** Reads the command line; throws a CommandLineFault. Names may be written in any case. */
export function readArguments(args: string[], known: string[]): Arguments {
  const options = { runs: { type: "string" }, quick: { type: "boolean" } } as const;
  const { values, positionals } = readCommandLine({ args, allowPositionals: true, options }, USAGE);
  const ids = positionals.map((name) => name.toUpperCase());
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new CommandLineFault(
      `Nothing was measured: there is no benchmark ${unknown}; there are ${known.join(", ")}.`,
      USAGE,
    );
  const isQuick = values.quick === true;
  const runs = Number(values.runs ?? (isQuick ? 1 : 3));
  if (!Number.isInteger(runs) || runs < 1)
    throw new CommandLineFault(
      `Nothing was measured: --runs ${values.runs} is no count of 1 or more.`,
      USAGE,
    );
  return { ids: ids.length === 0 ? known : known.filter((id) => ids.includes(id)), runs, isQuick };
}
