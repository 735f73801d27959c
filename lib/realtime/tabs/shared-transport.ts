import type {
  Authorised,
  FeedListener,
  FeedScope,
  FeedTransport,
  LocalTransport,
  OpenFeed,
} from "#lib/supabase/open-feed.ts";
import { durationMs, type EpochMs, elapsed } from "#lib/time.ts";
import type { Runtime } from "../runtime.ts";
import type { ServerClock } from "../server-clock.ts";
import { ChannelHub } from "./channel-hub.ts";
import { openAuthorised } from "./open-authorised.ts";
import { OtherTabs } from "./other-tabs.ts";
import { Subscription } from "./subscription.ts";
import {
  type ChannelEvent,
  type Have,
  isEnd,
  type OpenTabPort,
  type TabMessage,
  type TabPort,
} from "./tab-port.ts";

type Makings = {
  /** This tab's own way to the server. */
  local: LocalTransport;
  openPort: OpenTabPort;
  /** What tabs must have in common to share: the project. The person is added. */
  group: string;
  runtime: Runtime;
  clock: ServerClock;
};

/** A tab asks the leading one for a sign of life this often. */
const ASK_MS = durationMs(1_000);
/** So many questions without an answer, or without what was asked for: the leading tab is frozen, or kept from working. */
const PATIENCE = 3;
/** A connection that was ready and over which the server said nothing for so long, three heartbeats, is dead. */
const SILENCE_MS = 25_000;

/**
 * One set of channels per browser, however many tabs: the tab that leads has them, the others are told what comes. Every
 * tab reads and judges for itself, so that sharing may cost freshness, never truth. Guarded by shared-transport.test.ts.
 */
export class SharedTransport implements FeedTransport {
  readonly #makings: Makings;
  readonly #subscriptions = new Set<Subscription>();
  #port: TabPort | null = null;
  #person: string | null = null;
  /** The channels of all, while this tab leads. */
  #hub: ChannelHub | null = null;
  readonly #others: OtherTabs;
  /** The tab that leads, as far as this one has heard. */
  #leader: string | null = null;
  #isLeaderHidden = false;
  /** Questions asked since the leading tab was last heard. */
  #unanswered = 0;
  #isFollowing = false;
  #cancelAsking: (() => void) | null = null;

  constructor(makings: Makings) {
    this.#makings = makings;
    this.#others = new OtherTabs(makings.runtime);
    makings.local.onSignedOut(() => this.#leave());
    makings.runtime.watch((event) => {
      if (event === "leaving") this.#leave();
      else if (event === "shown") this.#ask();
    });
  }

  async authorise(isRefreshForced: boolean, now: EpochMs): Promise<Authorised> {
    const { local } = this.#makings;
    const answer = await local.authorise(isRefreshForced, now);
    if (answer === "ok") this.#enter(local.personId);
    return answer;
  }

  onSignedOut(listener: () => void): () => void {
    return this.#makings.local.onSignedOut(listener);
  }

  /** The connection of another tab is its own concern; whether it is alive is told with every answer. */
  reset(): void {
    if (this.#port !== null && this.#hub === null) return;
    this.#makings.local.reset();
    this.#hub?.drop();
    this.#changed();
  }

  open(scope: FeedScope, listener: FeedListener): OpenFeed {
    if (this.#port === null) return this.#makings.local.open(scope, listener);
    const subscription = new Subscription(scope, listener);
    this.#subscriptions.add(subscription);
    this.#changed();
    return {
      close: (isDead = false) => {
        if (!this.#subscriptions.delete(subscription)) return;
        this.#changed();
        if (isDead) this.#dropDead(scope.name);
      },
    };
  }

  #dropDead(scope: string): void {
    if (this.#hub) this.#hub.drop(scope);
    else {
      this.#sayWants();
      this.#port?.post({ kind: "dead", scope });
    }
  }

  /** Takes its place among the tabs of this person; another person's tabs are strangers. */
  #enter(person: string | null): void {
    if (this.#port !== null && this.#person === person) return;
    this.#leave();
    if (person === null) return;
    const { openPort, group } = this.#makings;
    this.#person = person;
    this.#port = openPort(`${group} ${person}`, {
      led: () => this.#led(),
      lost: () => this.#lost(),
      heard: (message) => this.#heard(message),
    });
    if (this.#port !== null) this.#ask();
  }

  /** Gives up its place; what it led is up to the others. */
  #leave(): void {
    this.#cancelAsking?.();
    this.#cancelAsking = null;
    this.#endLead();
    const port = this.#port;
    this.#port = null;
    port?.post({ kind: "want", tab: port.tab, scopes: [] });
    port?.close();
    const left = [...this.#subscriptions];
    this.#subscriptions.clear();
    for (const each of left) each.deliver({ type: "closed" });
  }

  #led(): void {
    const { local, clock, runtime } = this.#makings;
    this.#endLead();
    this.#hub = new ChannelHub({
      runtime,
      open: (scope, listener) => openAuthorised(local, clock, scope, listener),
      tell: (scope, event) => this.#tell(scope, event),
    });
    this.#moveAll();
    this.#answer();
    this.#changed();
  }

  #lost(): void {
    this.#endLead();
    this.#moveAll();
    this.#ask();
  }

  #endLead(): void {
    this.#hub?.close();
    this.#hub = null;
    this.#others.forget();
    this.#leader = null;
    this.#unanswered = 0;
  }

  /** The channels of another tab are other channels: until they are there, nothing is heard. */
  #moveAll(): void {
    for (const each of [...this.#subscriptions]) if (each.isJoined) each.deliver({ type: "moved" });
  }

  /** What is wanted has changed. Told once, however much changes in one breath. */
  #changed(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    queueMicrotask(() => {
      this.#isFollowing = false;
      if (this.#hub) this.#follow(this.#hub);
      else this.#sayWants();
    });
  }

  #follow(hub: ChannelHub): void {
    hub.follow(this.#others.wantedWith([...this.#subscriptions].map(({ scope }) => scope)));
    this.#joinThese(hub.ready);
  }

  #sayWants(): void {
    const scopes = [...this.#subscriptions].map(({ scope }) => scope);
    this.#port?.post({ kind: "want", tab: this.#port.tab, scopes });
  }

  /** From here on everything that comes over these reaches this tab too; what was before, its own read brings. */
  #joinThese(ready: readonly string[]): void {
    for (const each of [...this.#subscriptions])
      if (!each.isJoined && ready.includes(each.scope.name))
        each.deliver({ type: "system", isOk: true, reason: "" });
  }

  #heard(message: TabMessage): void {
    if (this.#hub) this.#heardAsLead(this.#hub, message);
    else if (message.kind === "have") this.#heardHave(message);
    else if (message.kind === "told" && message.tab === this.#leader) {
      this.#unanswered = 0;
      this.#deliverAll(message.scope, message.event);
    }
  }

  #heardAsLead(hub: ChannelHub, message: TabMessage): void {
    if (message.kind === "dead") hub.drop(message.scope);
    else if (message.kind !== "want") return;
    else this.#others.want(message.tab, message.scopes);
    this.#follow(hub);
    this.#answer();
  }

  #answer(): void {
    const { local, runtime } = this.#makings;
    if (this.#port === null || this.#hub === null) return;
    const have: Have = { ready: this.#hub.ready, heardAt: local.heardAt, isHidden: runtime.isHidden() };
    this.#port.post({ kind: "have", tab: this.#port.tab, ...have });
  }

  #heardHave({ tab, ready, heardAt, isHidden }: Have & { tab: string }): void {
    const { runtime } = this.#makings;
    this.#unanswered = 0;
    this.#isLeaderHidden = isHidden;
    if (tab !== this.#leader) {
      this.#leader = tab;
      this.#moveAll();
      this.#sayWants();
    }
    const isDead = ready.length > 0 && heardAt !== null && elapsed(heardAt, runtime.wall()) > SILENCE_MS;
    if (isDead && this.#port !== null && !runtime.isHidden()) this.#takeLead(this.#port);
    else this.#joinThese(ready);
  }

  /** As the tab that leads: to everybody who wants this scope, here and elsewhere. */
  #tell(scope: string, event: ChannelEvent): void {
    const isWanted = this.#others.isWanted(scope);
    if (isEnd(event)) this.#others.drop(scope);
    if (isWanted) this.#port?.post({ kind: "told", tab: this.#port.tab, scope, event });
    this.#deliverAll(scope, event);
  }

  #deliverAll(scope: string, event: ChannelEvent): void {
    for (const each of [...this.#subscriptions]) if (each.scope.name === scope) each.deliver(event);
  }

  /** Asks now, and from now on; who asks in vain leads. A tab out of sight may be slow itself, and takes nothing over. */
  #ask(): void {
    this.#cancelAsking?.();
    this.#askAfresh();
    this.#goOnAsking();
  }

  #goOnAsking(): void {
    const { runtime } = this.#makings;
    if (this.#port === null) return;
    if (this.#hub) this.#others.forgetSilent();
    else if (this.#isInVain() && !runtime.isHidden()) this.#takeLead(this.#port);
    else this.#sayWants();
    this.#cancelAsking = runtime.after(ASK_MS, () => this.#goOnAsking());
  }

  /** The browser may take its time to give it. */
  #takeLead(port: TabPort): void {
    this.#askAfresh();
    port.takeLead();
  }

  #askAfresh(): void {
    this.#unanswered = 0;
    for (const each of this.#subscriptions) each.waited = 0;
  }

  #isInVain(): boolean {
    if (this.#subscriptions.size === 0) return false;
    this.#unanswered += 1;
    let isWaiting = false;
    for (const each of this.#subscriptions) {
      each.waited = each.isJoined ? 0 : each.waited + 1;
      isWaiting ||= each.waited > PATIENCE;
    }
    return this.#unanswered > PATIENCE || (isWaiting && this.#isLeaderHidden);
  }
}
