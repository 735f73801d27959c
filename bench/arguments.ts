import { parseArgs } from "node:util";

export type Arguments = { ids: string[]; runs: number; isQuick: boolean };

const USAGE = `npm run bench -- [N1 N7 …] [--runs N] [--quick]
  (no names)   all benchmarks
  --runs N     measure everything N times (default 3)
  --quick      one short run of everything; for a look, not to be quoted`;

/** Reads the command line; throws an Error with a sentence and the usage. Names may be written in any case. */
export function readArguments(args: string[], known: string[]): Arguments {
  const { values, positionals } = parse(args);
  const ids = positionals.map((name) => name.toUpperCase());
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new Error(`There is no benchmark ${unknown}; there are ${known.join(", ")}.\n${USAGE}`);
  const isQuick = values.quick === true;
  const runs = Number(values.runs ?? (isQuick ? 1 : 3));
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs ${values.runs} is no count of 1 or more.\n${USAGE}`);
  return { ids: ids.length === 0 ? known : known.filter((id) => ids.includes(id)), runs, isQuick };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { runs: { type: "string" }, quick: { type: "boolean" } },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`, { cause: error });
  }
}
