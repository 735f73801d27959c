// What this browser tab asked of machines, from the press to the last word: it fills in for a feed that is down, and is
// remembered when the person has gone to another page meanwhile. Guarded by asked-commands.test.ts.

import { type Command, type CommandKind, commandRank } from "#lib/model/command.ts";
import type { Refusal, Result } from "#lib/result.ts";

export type About = {
  /** The command's key. */
  readonly key: string;
  readonly machineId: string;
  readonly kind: CommandKind;
};

/** `silent`: nobody answered in time, so it may or may not have arrived. `withdrawn`: can no longer arrive. */
export type AskedCommand = About & {
  readonly state: "sending" | "silent" | "answered" | "refused" | "withdrawn";
  /** The row as the answer told it. */
  readonly command: Command | null;
  /** Why not, or why there is no answer. */
  readonly refusal: Refusal | null;
};

type Asked = readonly AskedCommand[];

/** Far more than a person asks before going home. */
const KEPT = 100;

/** Notes the press; pressing again after silence is the same command. */
export function noteAsked(asked: Asked, about: About): Asked {
  const others = asked.filter(({ key }) => key !== about.key);
  return [{ ...about, state: "sending" as const, command: null, refusal: null }, ...others].slice(0, KEPT);
}

export function noteAnswer(asked: Asked, key: string, answer: Result<{ command: Command }>): Asked {
  return asked.map((each) => {
    if (each.key !== key || each.state === "withdrawn") return each;
    if (answer.ok) return { ...each, state: "answered" as const, command: answer.command, refusal: null };
    return { ...each, state: isFinal(answer) ? ("refused" as const) : ("silent" as const), refusal: answer };
  });
}

/** Its key has been spent on something else: should it still arrive, it is refused. */
export const noteWithdrawn = (asked: Asked, key: string): Asked =>
  asked.map((each) => (each.key === key ? { ...each, state: "withdrawn" as const } : each));

/** A refusal of the database or of our own checks; anything else leaves open whether the request arrived. */
export const isFinal = ({ status }: Refusal): boolean => status >= 400 && status < 500;

/** The commands the feed tells of, and those that so far only an answer has told of; newest first. */
export function withAnswers(commands: readonly Command[], asked: Asked): readonly Command[] {
  const answers = asked.flatMap(({ command }) => {
    const known = commands.find(({ id }) => id === command?.id);
    return command && (!known || commandRank(known.status) < commandRank(command.status)) ? [command] : [];
  });
  if (answers.length === 0) return commands;
  const told = new Set(answers.map(({ id }) => id));
  const all = [...commands.filter(({ id }) => !told.has(id)), ...answers];
  return all.sort((a, b) => b.requestedAt - a.requestedAt);
}

/** Presses without an answer, of which no row is known either. */
export const withoutWord = (asked: Asked, commands: readonly Command[]): Asked =>
  asked.filter(
    ({ key, state }) => (state === "sending" || state === "silent") && !commands.some(({ id }) => id === key),
  );

export type OwnStarts = { readonly keys: readonly string[]; readonly state: "none" | "sending" | "silent" };

/** Starts of this tab that nobody has answered: each may yet begin. */
export function ownStarts(asked: Asked, commands: readonly Command[]): OwnStarts {
  const starts = withoutWord(asked, commands).filter(({ kind }) => kind === "start");
  const isSending = starts.some(({ state }) => state === "sending");
  return {
    keys: starts.map(({ key }) => key),
    state: isSending ? "sending" : starts.length > 0 ? "silent" : "none",
  };
}
