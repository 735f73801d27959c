/** Why the embedded stack cannot start or go on: one sentence with the fact and what to do, fit for a terminal. */
export class StackFault extends Error {
  override name = "StackFault";
}

/** The system error code (`EACCES`, `ENOSPC`, …) of a thrown value, or null. */
export function errorCode(error: unknown): string | null {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return null;
}
