import type { Command } from "#lib/model/command.ts";
import { newerCommand } from "./newer.ts";

const COMMANDS_KEPT = 20;

/** The list with this reading of a command in it, newest first; the same list when nothing changed. */
export function putCommand(commands: readonly Command[], next: Command): readonly Command[] {
  const at = commands.findIndex((command) => command.id === next.id);
  const kept = commands[at];
  if (kept === undefined) {
    return [...commands, next].sort((a, b) => b.requestedAt - a.requestedAt).slice(0, COMMANDS_KEPT);
  }
  const merged = newerCommand(kept, next);
  return merged === kept ? commands : commands.with(at, merged);
}
