import { expect, test } from "vitest";
import { SAMPLE_START, sampleFeedStatus, sampleLease, sampleMachine } from "#lib/model/samples.ts";
import { durationMs, later } from "#lib/time.ts";
import { linkStates, worstLink } from "#lib/view/link-states.ts";
import { pageNews } from "#lib/view/page-news.ts";
import { LEASE_PERIOD, staleness } from "#lib/view/staleness.ts";

const now = later(SAMPLE_START, 1_000);
type Seen = Omit<Parameters<typeof linkStates>[0], "news">;
const linksOf = (seen: Seen, at = now) =>
  linkStates({ ...seen, news: pageNews(seen.feed, [seen.lease ?? null], at) }, at);
const states = (seen: Seen, at = now) => linksOf(seen, at).map((link) => `${link.key} ${link.state}`);

test("stale after 3 periods, no data after 10", () => {
  const level = (ms: number | null) =>
    staleness(ms === null ? null : durationMs(ms), durationMs(1_000)).level;
  expect([0, 3_000, 3_001, 10_000, 10_001].map(level)).toEqual([
    "fresh",
    "fresh",
    "stale",
    "stale",
    "no-data",
  ]);
  expect(level(null)).toBe("no-data");
  expect(staleness(durationMs(7_000), durationMs(1_000)).label).toBe("7 s old");
  expect(staleness(durationMs(70_000), durationMs(1_000)).label).toBe("no data, 1 min old");
  expect(staleness(durationMs(1), durationMs(1_000)).label).toBeNull();
});

test("all four links are fine on a live page of a held machine", () => {
  const seen = { feed: sampleFeedStatus(), lease: sampleLease(), machine: sampleMachine() };
  expect(states(seen)).toEqual(["browser ok", "feed ok", "controller ok", "machine ok"]);
  expect(worstLink(linksOf(seen))?.state).toBe("ok");
});

test("without a machine there are two links", () => {
  expect(states({ feed: sampleFeedStatus() })).toEqual(["browser ok", "feed ok"]);
});

test.each([
  ["offline", ["browser down", "feed down"]],
  ["degraded", ["browser ok", "feed degraded"]],
  ["syncing", ["browser ok", "feed degraded"]],
] as const)("feed %s", (state, expected) => {
  expect(states({ feed: sampleFeedStatus({ state, reason: "Why." }) })).toEqual(expected);
});

test("a degraded feed says why and how the page goes on", () => {
  const [, feed] = linksOf(
    { feed: sampleFeedStatus({ state: "degraded", trouble: "channel-lost", reason: "heartbeat timeout" }) },
    now,
  );
  expect(feed).toMatchObject({
    detail: "Changes no longer arrive by themselves. Changes are asked for every 2 s.",
    said: "heartbeat timeout",
  });
});

test("the controller's link ages with its lease", () => {
  const controller = (ageMs: number, status: "processing" | "idle" = "processing") =>
    linksOf(
      {
        feed: sampleFeedStatus({ lastEventAt: now }),
        lease: sampleLease({ renewedAt: later(now, -ageMs) }),
        machine: sampleMachine({ status }),
      },
      now,
    )[2]?.state;
  expect(controller(3 * LEASE_PERIOD)).toBe("ok");
  expect(controller(3 * LEASE_PERIOD + 1)).toBe("degraded");
  expect(controller(10 * LEASE_PERIOD + 1)).toBe("down");
  expect(controller(10 * LEASE_PERIOD + 1, "idle")).toBe("idle");
});

test("no controller matters only while a run is on", () => {
  const without = (status: "processing" | "idle" | "unknown") =>
    states({ feed: sampleFeedStatus(), lease: null, machine: sampleMachine({ status }) })[2];
  expect([without("processing"), without("unknown"), without("idle")]).toEqual([
    "controller down",
    "controller down",
    "controller idle",
  ]);
});

test("a machine in error or in doubt is the worst link", () => {
  for (const status of ["error", "unknown"] as const) {
    const links = linksOf(
      { feed: sampleFeedStatus(), lease: sampleLease(), machine: sampleMachine({ status }) },
      now,
    );
    expect(worstLink(links)).toMatchObject({ key: "machine", state: "down" });
  }
});

test("a page that is behind blames nobody else: what is further away is not known", () => {
  const feed = sampleFeedStatus({ state: "offline", lostAt: SAMPLE_START, trouble: "computer-offline" });
  const seen = { feed, lease: sampleLease(), machine: sampleMachine() };
  const at = later(SAMPLE_START, 60_000);
  expect(states(seen, at)).toEqual(["browser down", "feed down", "controller unknown", "machine unknown"]);
  expect(worstLink(linksOf(seen, at))).toMatchObject({
    key: "browser",
    ageMs: 60_000,
    detail: "This computer has no network connection.",
  });
  expect(linksOf(seen, at)[2]).toMatchObject({
    ageMs: 60_000,
    detail: "This page hears too little to tell. Last known: bench-1 (simulated) holds this machine.",
  });
});

test("a controller that was silent before the page lost its feed is still called so by a page that reads on", () => {
  const feed = sampleFeedStatus({
    state: "degraded",
    lostAt: SAMPLE_START,
    trouble: "channel-lost",
    lastCatchUpAt: later(SAMPLE_START, 30_000),
  });
  const seen = { feed, lease: sampleLease(), machine: sampleMachine() };
  expect(states(seen, later(SAMPLE_START, 31_000))[2]).toBe("controller down");
});

test("a server that does not answer is the server's link, also while its channel is open", () => {
  const feed = sampleFeedStatus({
    state: "degraded",
    trouble: "server-silent",
    reason: "no answer within 8 s",
  });
  expect(linksOf({ feed })).toMatchObject([
    { state: "degraded", detail: "The server does not answer.", said: "no answer within 8 s" },
    { state: "degraded", detail: "Changes are asked for every 2 s.", said: null },
  ]);
});
