import type { FeedChange, FeedScope } from "#lib/supabase/open-feed.ts";
import type { EpochMs } from "#lib/time.ts";

/** What happened on a shared channel, as its listeners are told it. */
export type ChannelEvent =
  | { type: "subscribed" }
  | { type: "system"; isOk: boolean; reason: string }
  | { type: "change"; change: FeedChange }
  | { type: "failed" | "refused"; reason: string }
  | { type: "closed" }
  | { type: "moved" };

/** The channel is gone: whoever wants it asks for another. */
export const isEnd = ({ type }: ChannelEvent): boolean =>
  type === "failed" || type === "refused" || type === "closed";

/** What the tab that leads knows of its channels. */
export type Have = {
  /** Scopes whose channel has joined and is confirmed. */
  ready: readonly string[];
  /** When the server last said anything to it, by the computer's clock, which all tabs share. */
  heardAt: EpochMs | null;
  /** It is out of sight: the browser may keep it from opening what is wanted. */
  isHidden: boolean;
};

/** What the tabs of one person in one browser say to each other; `have` and `told` come from the one that leads. */
export type TabMessage =
  /** All that this tab wants; said with every change, and now and again as a question whether somebody leads. */
  | { kind: "want"; tab: string; scopes: readonly FeedScope[] }
  /** The channel of this scope brings nothing although it should. */
  | { kind: "dead"; scope: string }
  | ({ kind: "have"; tab: string } & Have)
  | { kind: "told"; tab: string; scope: string; event: ChannelEvent };

export type TabEvents = {
  heard(message: TabMessage): void;
  led(): void;
  /** Another tab took the lead, because this one did not answer. */
  lost(): void;
};

/** A tab's place among the tabs of one person in one browser. */
export type TabPort = {
  readonly tab: string;
  /** To all the others, in order. */
  post(message: TabMessage): void;
  /** Leads at once, taking it from whoever does. */
  takeLead(): void;
  /** Leaves; what was led is up to the others. */
  close(): void;
};

/** Opens a port that leads as soon as nobody else does; null where tabs cannot know of each other. */
export type OpenTabPort = (group: string, events: TabEvents) => TabPort | null;
