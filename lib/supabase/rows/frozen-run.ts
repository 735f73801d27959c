import { type Program, parseProgram } from "#lib/model/program.ts";
import { rowReader } from "./row.ts";

export type FrozenRun = {
  runId: string;
  /** Null where what was frozen cannot be read: an older controller froze something else. */
  program: Program | null;
  /** What it was started with besides the recipe, each as text. */
  parameters: ReadonlyMap<string, string>;
};

export const frozenRunRow = rowReader("process_executions", (row): FrozenRun => {
  const parsed = parseProgram(row.raw("recipe_version"));
  const parameters = row.raw("parameters");
  const isObject = typeof parameters === "object" && parameters !== null && !Array.isArray(parameters);
  return {
    runId: row.text("id"),
    program: parsed.ok ? parsed.program : null,
    parameters: new Map(
      Object.entries(isObject ? parameters : {}).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  };
});
