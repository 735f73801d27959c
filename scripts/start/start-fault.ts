/** Why Pulseboard cannot start or go on. The message completes "Pulseboard did not start:", with the fact and what to do. */
export class StartFault extends Error {
  override name = "StartFault";
}

/** Nothing is wrong: it runs already. The message is a sentence of its own. */
export class AlreadyRunning extends Error {
  override name = "AlreadyRunning";
}
