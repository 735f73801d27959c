import { type ParseArgsConfig, parseArgs } from "node:util";

/** What was typed cannot be understood: one sentence, and on the next line how the command is used. */
export class CommandLineFault extends Error {
  override name = "CommandLineFault";
  constructor(problem: string, usage: string) {
    super(`${problem}\n${usage}`);
  }
}

/** As `parseArgs`, but an unknown option, a missing value or a word too many is a CommandLineFault. */
export function readCommandLine<const Config extends ParseArgsConfig>(config: Config, usage: string) {
  try {
    return parseArgs<Config>(config);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const problem = problemOf(String(error.code), error.message);
    throw problem === null ? error : new CommandLineFault(`Nothing was done: ${problem}.`, usage);
  }
}

/** Node's own messages are several sentences, about its parser. */
function problemOf(code: string, message: string): string | null {
  const [option] = /--[^\s'=]+/.exec(message) ?? /-\w\b/.exec(message) ?? ["this option"];
  switch (code) {
    case "ERR_PARSE_ARGS_UNKNOWN_OPTION":
      return `there is no option ${option}`;
    case "ERR_PARSE_ARGS_INVALID_OPTION_VALUE":
      return `${option} ${message.includes("does not take") ? "takes no value" : "needs a value"}`;
    case "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL":
      return `"${/'(.*)'/.exec(message)?.[1] ?? ""}" is one word too many`;
    default:
      return null;
  }
}
