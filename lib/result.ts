/** An expected "no": what did not happen and why (`message`), what to do (`hint`), a stable word (`code`), the HTTP status. */
export type Refusal = {
  ok: false;
  code: string;
  message: string;
  hint: string | null;
  status: number;
  /** Facts for a program, where the code has any: docs/error-codes.md names them. */
  details?: unknown;
};

/** Either the answer or a refusal. Faults (what should not be possible) throw instead. */
export type Result<T extends object = object> = ({ ok: true } & T) | Refusal;

export const refusal = (
  status: number,
  code: string,
  message: string,
  hint: string | null = null,
): Refusal => ({
  ok: false,
  code,
  message,
  hint,
  status,
});
