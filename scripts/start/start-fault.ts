/** Why Pulseboard cannot start or go on. The message completes "Pulseboard did not start:", with the fact and what to do. */
export class StartFault extends Error {
  override name = "StartFault";
}

/** Nothing is wrong: it runs already. The message is a sentence of its own. */
export class AlreadyRunning extends Error {
  override name = "AlreadyRunning";
}

/** A sentence that goes on after a colon: it begins small, unless with a name. */
export function continued(sentence: string): string {
  return /^(?!Postgres\b)[A-Z][a-z]*\b/.test(sentence) ? lowerFirst(sentence) : sentence;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
