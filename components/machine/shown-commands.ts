// Which commands deserve a line above the page now; the ledger below has them all. Guarded by shown-commands.test.ts.

import { type Command, isCommandSettled } from "#lib/model/command.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";

/** A success is seen and gone (trust rule T16). */
const SUCCESS_SHOWN_MS = 5_000;

type Scene = {
  now: EpochMs;
  /** When the page was read; what was settled before is history, unless this tab asked for it. */
  openedAt: EpochMs;
  personId: string;
  /** Keys of what this tab asked for, from whichever page. */
  asked: ReadonlySet<string>;
  /** Commands whose refusal is shown already, or was dismissed. */
  handled: ReadonlySet<string>;
};

export type ShownCommand = { command: Command; isRefused: boolean };

/**
 * Everybody's commands under way and just succeeded; of the settled otherwise only one's own, and those until
 * dismissed. Newest first.
 */
export function shownCommands(commands: readonly Command[], scene: Scene): readonly ShownCommand[] {
  return commands.flatMap((command) => {
    if (!isCommandSettled(command.status)) return { command, isRefused: false };
    const settledAt = command.settledAt ?? command.requestedAt;
    if (settledAt < scene.openedAt && !scene.asked.has(command.id)) return [];
    if (scene.handled.has(command.id)) return [];
    if (command.status === "succeeded") {
      return elapsed(settledAt, scene.now) < SUCCESS_SHOWN_MS ? { command, isRefused: false } : [];
    }
    return command.requestedBy === scene.personId ? { command, isRefused: true } : [];
  });
}
