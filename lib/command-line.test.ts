import { expect, test } from "vitest";
import { CommandLineFault, readCommandLine } from "#lib/command-line.ts";

const read = (allowPositionals: boolean, ...args: string[]) =>
  readCommandLine(
    {
      args,
      allowPositionals,
      options: {
        speed: { type: "string" },
        demo: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    },
    "Use: npm run it",
  );

test("what can be understood is read", () => {
  const { values, positionals } = read(true, "folder", "--speed", "60", "--demo");
  expect([{ ...values }, positionals]).toEqual([{ speed: "60", demo: true }, ["folder"]]);
});

test.each([
  [true, ["--bogus"], "there is no option --bogus"],
  [false, ["--bogus=1"], "there is no option --bogus"],
  [false, ["-x"], "there is no option -x"],
  [true, ["--speed"], "--speed needs a value"],
  [true, ["--speed", "--demo"], "--speed needs a value"],
  [false, ["--demo=yes"], "--demo takes no value"],
  [false, ["--help=yes"], "--help takes no value"],
  [false, ["it's"], '"it\'s" is one word too many'],
])("what cannot is one sentence and the usage (%j %j)", (allowPositionals, args, problem) => {
  const fault = new CommandLineFault(`Nothing was done: ${problem}.`, "Use: npm run it");
  expect(() => read(allowPositionals, ...args)).toThrow(fault);
});
