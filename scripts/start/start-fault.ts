/** Why Pulseboard cannot start or go on. The message completes "Pulseboard did not start:", with the fact and what to do. */
export class StartFault extends Error {
  override name = "StartFault";
}
