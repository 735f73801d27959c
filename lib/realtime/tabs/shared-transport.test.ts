import { beforeEach, expect, test } from "vitest";
import { SAMPLE_START } from "#lib/model/samples.ts";
import type { FeedScope } from "#lib/supabase/open-feed.ts";
import { ChannelLink } from "../channel-link.ts";
import type { Runtime, Surrounding } from "../runtime.ts";
import { ManualRuntime, ScriptedTransport, settle } from "../scripted-world.ts";
import { ScriptedTabs } from "./scripted-tabs.ts";
import { SharedTransport } from "./shared-transport.ts";

// A browser full of tabs, each with a connection of its own at hand that it should not need.

type Tab = {
  name: string;
  local: ScriptedTransport;
  shared: SharedTransport;
  links: ChannelLink[];
  isHidden: boolean;
  /** Something happens to this tab. */
  happen: (event: Surrounding) => void;
  changes: string[];
  moves: string[];
};

let runtime: ManualRuntime;
let tabs: ScriptedTabs;
let all: Tab[];

beforeEach(() => {
  runtime = new ManualRuntime(SAMPLE_START);
  tabs = new ScriptedTabs();
  all = [];
});

const scope = (name: string): FeedScope => ({ name, bindings: [{ table: "machines" }] });

/** A tab that shows these scopes; its server accepts every join at once. */
async function tab(name: string, scopes: string[], person = "a", isSharing = true): Promise<Tab> {
  const local = new ScriptedTransport();
  local.personId = person;
  const openLocal = local.open.bind(local);
  local.open = (wanted, listener) => {
    const opened = openLocal(wanted, listener);
    const channel = local.latest;
    queueMicrotask(() => channel.isClosed || channel.accept());
    return opened;
  };
  const openPort = isSharing ? tabs.portOf(name) : () => null;
  const watchers: ((event: Surrounding) => void)[] = [];
  const happen = (event: Surrounding): void => {
    for (const watcher of watchers) watcher(event);
  };
  const own: Runtime = {
    now: runtime.now,
    wall: runtime.wall,
    random: () => 1,
    after: (delay, run) => runtime.after(delay, run),
    frame: (run) => runtime.frame(run),
    isOnline: () => true,
    isHidden: () => made.isHidden,
    watch: (listener) => {
      watchers.push(listener);
      return () => undefined;
    },
  };
  const shared = new SharedTransport({ local, openPort, group: "test", runtime: own, clock: runtime });
  const made: Tab = { name, local, shared, happen, links: [], isHidden: false, changes: [], moves: [] };
  made.links = scopes.map((each) => linkOf(made, each));
  all.push(made);
  for (const link of made.links) void link.open();
  await settle();
  return made;
}

function linkOf(made: Tab, name: string): ChannelLink {
  const link: ChannelLink = new ChannelLink({
    scope: scope(name),
    transport: made.shared,
    runtime,
    clock: runtime,
    events: {
      moved: () => made.moves.push(link.stage),
      ready: () => undefined,
      change: ({ row }) => made.changes.push(`${name} ${String(row)}`),
    },
  });
  return link;
}

const open = (): string[] =>
  all.flatMap(({ name, local }) => local.openChannels.map((channel) => `${name}: ${channel.scope.name}`));
const stages = (): string[] => [...new Set(all.flatMap(({ links }) => links.map((link) => link.stage)))];
const find = (name: string): Tab => {
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no tab ${name}`);
  return found;
};
/** The server tells a change on the one channel there is for this scope. */
function send(name: string, row: string): void {
  const channels = all.flatMap(({ local }) => local.openChannels).filter((each) => each.scope.name === name);
  expect(channels).toHaveLength(1);
  for (const channel of channels) channel.send({ table: "machines", row });
}

test("FR13 fifty tabs on fifteen machines: thirty channels, in one tab, joined twenty at once and then ten a second; all are told", async () => {
  for (let i = 0; i < 50; i += 1) await tab(`t${i}`, [`machine:${i % 15}`, `steps:${i % 15}`]);
  expect(open()).toHaveLength(20);
  await runtime.advance(500);
  expect(open()).toHaveLength(25);
  await runtime.advance(600);
  expect(open()).toHaveLength(30);
  expect(new Set(open().map((each) => each.split(":")[0]))).toEqual(new Set(["t0"]));
  expect(stages()).toEqual(["ready"]);
  send("steps:3", "seq 7");
  await settle();
  expect(all.filter(({ changes }) => changes.length > 0).map(({ name, changes }) => [name, changes])).toEqual(
    [3, 18, 33, 48].map((i) => [`t${i}`, ["steps:3 seq 7"]]),
  );
});

test("FR13 the tab that leads is closed: another has the channels at once, and nobody calls it trouble", async () => {
  for (let i = 0; i < 20; i += 1) await tab(`t${i}`, [`machine:${i % 4}`]);
  await runtime.advance(1_000);
  for (const each of all) each.moves.length = 0;
  tabs.kill("t0");
  const rest = all.splice(1);
  all = rest;
  await settle();
  expect(new Set(open().map((each) => each.split(":")[0]))).toEqual(new Set([tabs.leader]));
  expect(open()).toHaveLength(4);
  expect(stages()).toEqual(["ready"]);
  for (const { links, moves } of all) {
    expect(moves).toContain("joining");
    expect(links.map((link) => link.reason)).toEqual([null]);
  }
  send("machine:2", "after");
  await settle();
  expect(all.filter(({ changes }) => changes.length > 0).map(({ name }) => name)).toEqual([
    "t2",
    "t6",
    "t10",
    "t14",
    "t18",
  ]);
});

test("FR13 the tab that leads is frozen: a visible one finds out within five seconds and takes over; thawed, it follows", async () => {
  await tab("t0", ["fleet"]);
  await tab("t1", ["fleet"]);
  await runtime.advance(20_000);
  expect(tabs.leader).toBe("t0");
  tabs.freeze("t0");
  await runtime.advance(5_000);
  expect(tabs.leader).toBe("t1");
  expect(open()).toContain("t1: fleet");
  expect(find("t1").links[0]?.stage).toBe("ready");
  tabs.thaw("t0");
  await settle();
  expect(open()).toEqual(["t1: fleet"]);
  expect(stages()).toEqual(["ready"]);
  tabs.kill("t1");
  all.pop();
  await settle();
  expect(open()).toEqual(["t0: fleet"]);
});

test("a hidden tab takes nothing over: it may be slow itself", async () => {
  await tab("t0", ["fleet"]);
  const hidden = await tab("t1", ["fleet"]);
  hidden.isHidden = true;
  tabs.freeze("t0");
  await runtime.advance(60_000);
  expect(tabs.leader).toBe("t0");
  hidden.isHidden = false;
  hidden.happen("shown");
  await runtime.advance(6_000);
  expect(tabs.leader).toBe("t1");
  expect(hidden.links[0]?.stage).toBe("ready");
});

test("a new tab that gets no answer takes the lead within five seconds", async () => {
  await tab("t0", ["fleet"]);
  tabs.freeze("t0");
  const late = await tab("t1", ["fleet"]);
  expect(late.links[0]?.stage).toBe("joining");
  await runtime.advance(5_000);
  expect(late.links[0]?.stage).toBe("ready");
});

test("a channel lives as long as any tab wants it, also when a tab goes without a word", async () => {
  await tab("t0", ["fleet"]);
  const second = await tab("t1", ["machine:1"]);
  await tab("t2", ["machine:1"]);
  expect(open()).toEqual(["t0: fleet", "t0: machine:1"]);
  second.links[0]?.close();
  await settle();
  expect(open()).toEqual(["t0: fleet", "t0: machine:1"]);
  tabs.kill("t2");
  await runtime.advance(149_000);
  expect(open(), "a tab out of sight may be silent for so long").toEqual(["t0: fleet", "t0: machine:1"]);
  await runtime.advance(4_000);
  expect(open()).toEqual(["t0: fleet"]);
});

test("a channel that fails fails for all of them, and one new one is opened", async () => {
  await tab("t0", ["fleet"]);
  await tab("t1", ["fleet"]);
  await tab("t2", ["fleet"]);
  find("t0").local.latest.listener.failed("socket closed");
  await settle();
  expect(all.map(({ links }) => links[0]?.reason)).toEqual([
    "socket closed",
    "socket closed",
    "socket closed",
  ]);
  await runtime.advance(500);
  expect(open()).toEqual(["t0: fleet"]);
  expect(find("t0").local.channels).toHaveLength(2);
  expect(stages()).toEqual(["ready"]);
});

test("a channel that one tab finds dead is opened anew for all", async () => {
  await tab("t0", ["fleet"]);
  const second = await tab("t1", ["fleet"]);
  second.links[0]?.distrust("silent");
  await runtime.advance(500);
  expect(open()).toEqual(["t0: fleet"]);
  expect(find("t0").local.channels).toHaveLength(2);
  expect(stages()).toEqual(["ready"]);
});

test("a channel that only another tab wants, and finds dead, is opened anew", async () => {
  await tab("t0", ["fleet"]);
  const second = await tab("t1", ["machine:1"]);
  second.links[0]?.distrust("silent");
  await runtime.advance(500);
  expect(open()).toEqual(["t0: fleet", "t0: machine:1"]);
  expect(find("t0").local.channels).toHaveLength(3);
  expect(stages()).toEqual(["ready"]);
});

test("a tab that wakes does not believe a connection over which nothing was heard while it slept", async () => {
  await tab("t0", ["fleet"]);
  const second = await tab("t1", ["fleet"]);
  find("t0").local.heardAt = runtime.wall();
  second.shared.reset();
  await runtime.advance(20_000);
  expect([tabs.leader, find("t0").local.resets, second.local.resets]).toEqual(["t0", 0, 0]);
  runtime.wallAhead = 8 * 3_600_000;
  second.happen("shown");
  await settle();
  expect(tabs.leader).toBe("t1");
  expect(open()).toEqual(["t1: fleet"]);
  expect(stages()).toEqual(["ready"]);
});

test("a tab out of sight that leads and cannot get what is wanted is relieved by one that is looked at", async () => {
  const first = await tab("t0", ["fleet"]);
  const second = await tab("t1", ["fleet"]);
  first.isHidden = true;
  first.local.open = () => ({ close: () => undefined });
  const third = await tab("t2", ["machine:1"]);
  expect(third.links[0]?.stage).toBe("joining");
  await runtime.advance(6_000);
  expect(["t1", "t2"]).toContain(tabs.leader);
  expect(third.links[0]?.stage).toBe("ready");
  expect(second.links[0]?.stage).toBe("ready");
});

test("a reset of the tab that leads is one of all: the others hear that the channels move, and that they are back", async () => {
  await tab("t0", ["fleet"]);
  const second = await tab("t1", ["fleet", "machine:1"]);
  second.moves.length = 0;
  find("t0").shared.reset();
  await settle();
  expect(find("t0").local.resets).toBe(1);
  expect(open()).toEqual(["t0: fleet", "t0: machine:1"]);
  expect(find("t0").local.channels).toHaveLength(4);
  expect(second.moves).toContain("joining");
  expect(stages()).toEqual(["ready"]);
});

test("what the server says of a channel is told to every tab: that no changes flow, and that they do again", async () => {
  await tab("t0", ["fleet"]);
  const second = await tab("t1", ["fleet"]);
  find("t0").local.latest.listener.system(false, "not published");
  await settle();
  expect(second.links[0]).toMatchObject({ stage: "confirming", reason: "not published" });
  const third = await tab("t2", ["fleet"]);
  expect(third.links[0]?.stage, "nothing is claimed to a new one").toBe("joining");
  find("t0").local.latest.listener.system(true, "");
  await settle();
  expect(stages()).toEqual(["ready"]);
});

test("somebody else's session in this tab takes its channels along, and gives nothing to the tabs of the first", async () => {
  const first = await tab("t0", ["fleet"], "a");
  await tab("t1", ["fleet"], "a");
  first.local.personId = "b";
  void first.links[0]?.open();
  await settle();
  expect(open()).toEqual(["t0: fleet", "t1: fleet"]);
  first.local.latest.send({ table: "machines", row: "b's" });
  await settle();
  expect([first.changes, find("t1").changes]).toEqual([["fleet b's"], []]);
});

test("another person's tab is a stranger", async () => {
  await tab("t0", ["fleet"], "a");
  await tab("t1", ["fleet"], "b");
  expect(open()).toEqual(["t0: fleet", "t1: fleet"]);
});

test("where tabs cannot talk to each other, each has its own", async () => {
  await tab("t0", ["fleet"], "a", false);
  await tab("t1", ["fleet"], "a", false);
  expect(open()).toEqual(["t0: fleet", "t1: fleet"]);
  expect(stages()).toEqual(["ready"]);
});

test("signed out, it holds nothing for anybody", async () => {
  await tab("t0", ["fleet"]);
  await tab("t1", ["machine:1"]);
  find("t0").local.signOut();
  find("t0").links[0]?.signedOut();
  await settle();
  expect(tabs.leader).toBe("t1");
  expect(open()).toEqual(["t1: machine:1"]);
});

test("put away into the browser's memory it leaves the lead to others; taken out again it takes its place", async () => {
  await tab("t0", ["fleet"]);
  const second = await tab("t1", ["fleet"]);
  find("t0").happen("leaving");
  find("t0").links[0]?.close();
  await settle();
  expect(open()).toEqual(["t1: fleet"]);
  expect(second.links[0]?.stage).toBe("ready");
  void find("t0").links[0]?.open();
  await settle();
  expect(open()).toEqual(["t1: fleet"]);
  expect(stages()).toEqual(["ready"]);
});
