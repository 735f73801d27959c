import type { FeedScope } from "#lib/supabase/open-feed.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import type { Runtime } from "../runtime.ts";

type Wish = { scopes: FeedScope[]; saidAt: EpochMs };

/** Longer than a browser keeps the timers of a tab that nobody looks at from running. */
const FORGET_MS = 150_000;

/** What the other tabs want of the one that leads. */
export class OtherTabs {
  readonly #runtime: Runtime;
  readonly #wishes = new Map<string, Wish>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  want(tab: string, scopes: readonly FeedScope[]): void {
    if (scopes.length === 0) this.#wishes.delete(tab);
    else this.#wishes.set(tab, { scopes: [...scopes], saidAt: this.#runtime.now() });
  }

  isWanted(name: string): boolean {
    for (const { scopes } of this.#wishes.values())
      if (scopes.some((scope) => scope.name === name)) return true;
    return false;
  }

  /** All of it and these, by name. */
  wantedWith(own: readonly FeedScope[]): Map<string, FeedScope> {
    const wanted = new Map<string, FeedScope>();
    for (const scope of own) wanted.set(scope.name, scope);
    for (const { scopes } of this.#wishes.values()) for (const scope of scopes) wanted.set(scope.name, scope);
    return wanted;
  }

  /** The channel has ended: nobody has asked for another yet. */
  drop(name: string): void {
    for (const wish of this.#wishes.values())
      wish.scopes = wish.scopes.filter((scope) => scope.name !== name);
  }

  /** A tab that crashed says no word. One that only slept says again what it wants. */
  forgetSilent(): void {
    const now = this.#runtime.now();
    for (const [tab, { saidAt }] of this.#wishes)
      if (elapsed(saidAt, now) > FORGET_MS) this.#wishes.delete(tab);
  }

  forget(): void {
    this.#wishes.clear();
  }
}
