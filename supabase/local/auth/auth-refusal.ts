/** An expected "no" of the auth service; `code` is one of the words auth-js knows, `status` its HTTP status. */
export class AuthRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Record<string, unknown>;

  constructor(status: number, code: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = "AuthRefusal";
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}
