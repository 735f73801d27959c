import type { EpochMs } from "#lib/time.ts";

type Session = { access_token: string; refresh_token: string; expires_at: number };

const LIFETIME_S = 3_600;

/** A sign-in service, and the browser's storage with one person's session in it. Tokens are numbered. */
export class ScriptedAuth {
  /** Sessions that were renewed. */
  refreshes = 0;
  mode: "answers" | "refuses" | "hangs" = "answers";
  readonly #now: () => EpochMs;
  readonly #kept = new Map<string, string>();

  /** `now` is the server's clock: tokens end an hour after they were given out by it. */
  constructor(now: () => EpochMs) {
    this.#now = now;
    this.#kept.set("session", JSON.stringify(this.#session()));
  }

  /** For `createClient`. */
  get options() {
    return {
      storage: {
        getItem: (key: string) => this.#kept.get(key) ?? null,
        setItem: (key: string, value: string) => void this.#kept.set(key, value),
        removeItem: (key: string) => void this.#kept.delete(key),
      },
      storageKey: "session",
      autoRefreshToken: false,
      detectSessionInUrl: false,
    };
  }

  readonly fetch = async (input: RequestInfo | URL): Promise<Response> => {
    if (!String(input).includes("/auth/v1/token")) throw new Error(`not expected: ${String(input)}`);
    if (this.mode === "hangs") return new Promise(() => undefined);
    if (this.mode === "refuses")
      return Response.json(
        { code: 400, error_code: "refresh_token_not_found", msg: "gone" },
        { status: 400 },
      );
    this.refreshes += 1;
    return Response.json(this.#session());
  };

  #session(): Session & Record<string, unknown> {
    const expires_at = Math.floor(this.#now() / 1_000) + LIFETIME_S;
    const claims = { sub: "a", exp: expires_at, n: this.refreshes };
    return {
      access_token: `${encoded({ alg: "none" })}.${encoded(claims)}.x`,
      refresh_token: `r${this.refreshes}`,
      expires_at,
      expires_in: LIFETIME_S,
      token_type: "bearer",
      user: { id: "a", aud: "authenticated", role: "authenticated" },
    };
  }
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The number of a token; NaN when it is none of ours. */
export function tokenNumber(token: string | null): number {
  const claims = token?.split(".")[1];
  if (claims === undefined) return Number.NaN;
  return (JSON.parse(Buffer.from(claims, "base64url").toString()) as { n: number }).n;
}
