import { expect, test } from "vitest";
import type { FeedStatus } from "#lib/model/feed.ts";
import { SAMPLE_START, sampleFeedStatus, sampleLease } from "#lib/model/samples.ts";
import { later } from "#lib/time.ts";
import { feedTroubleText, pageNews } from "#lib/view/page-news.ts";

const at = (ms: number) => later(SAMPLE_START, ms);
const lease = sampleLease();

/** What a page says `ms` after it last heard anything. */
const states = (feed: FeedStatus, ages: readonly number[], leases = [lease]) =>
  ages.map((ms) => pageNews(feed, leases, at(ms)).state);

test("on a live page a heartbeat that stays away for 3 periods means that the page is behind", () => {
  expect(states(sampleFeedStatus(), [0, 2_000, 6_000, 6_001])).toEqual(["live", "live", "live", "behind"]);
});

test("a live page without a controller does not flap between two reads", () => {
  const gone = sampleLease({ expiresAt: at(-1) });
  expect(states(sampleFeedStatus(), [0, 7_000, 11_000, 30_000, 30_001], [gone])).toEqual([
    "live",
    "live",
    "live",
    "live",
    "behind",
  ]);
});

test("a loss shorter than 2 s is not announced, and its age counts all the same", () => {
  const lost = sampleFeedStatus({ state: "degraded", lostAt: at(0), trouble: "channel-lost" });
  expect(states(lost, [0, 1_999, 2_000])).toEqual(["live", "live", "reading"]);
  expect(pageNews(lost, [lease], at(1_999)).ageMs).toBe(1_999);
  const off = sampleFeedStatus({ state: "offline", lostAt: at(0), trouble: "computer-offline" });
  expect(states(off, [0, 1_999, 2_000])).toEqual(["live", "live", "behind"]);
});

test("a page that reads every 2 s is behind once the answers stay away", () => {
  const feed = sampleFeedStatus({ state: "degraded", lostAt: at(-60_000), trouble: "channel-lost" });
  expect(states(feed, [0, 6_000, 6_001], [])).toEqual(["reading", "reading", "behind"]);
});

test("coming up for the first time is no loss", () => {
  const feed = sampleFeedStatus({ state: "joining", lostAt: at(0), reason: "Joining." });
  expect(states(feed, [0, 3_000])).toEqual(["live", "live"]);
  expect(feedTroubleText(feed.trouble)).toBeNull();
});

test("what is known is what was heard last, by a change or by a read", () => {
  const feed = sampleFeedStatus({ lastEventAt: at(5_000), lastCatchUpAt: at(1_000) });
  expect(pageNews(feed, [lease], at(6_000))).toEqual({ state: "live", knownAt: at(5_000), ageMs: 1_000 });
});
