/**
 * Counts wrong passwords per e-mail in memory. After `limit` within `windowMs` the e-mail is closed, right password or not,
 * until the window has passed; a sign-in that succeeds before forgets the count.
 */
export class AttemptLimit {
  private readonly failures = new Map<string, { count: number; until: number }>();
  private readonly limit: number;
  private readonly windowMs: number;
  private readonly now: () => number;

  constructor(limit: number, windowMs: number, now: () => number) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.now = now;
  }

  isClosed(email: string): boolean {
    return (this.current(email)?.count ?? 0) >= this.limit;
  }

  recordFailure(email: string): void {
    this.forgetOld();
    const { count, until } = this.current(email) ?? { count: 0, until: this.now() + this.windowMs };
    this.failures.set(email, { count: count + 1, until });
  }

  forget(email: string): void {
    this.failures.delete(email);
  }

  private current(email: string): { count: number; until: number } | undefined {
    const entry = this.failures.get(email);
    return entry && entry.until > this.now() ? entry : undefined;
  }

  private forgetOld(): void {
    const now = this.now();
    for (const [email, entry] of this.failures) if (entry.until <= now) this.failures.delete(email);
  }
}
