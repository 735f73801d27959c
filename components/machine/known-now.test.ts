import { expect, test } from "vitest";
import { leaseFixture } from "#components/machine/fixtures.ts";
import { knownNow } from "#components/machine/known-now.ts";
import { epochMs } from "#lib/time.ts";

const now = epochMs(100_000);
const fresh = { lastEventAt: now, lastCatchUpAt: now };

test("is now while news comes in and the controller lives", () => {
  expect(knownNow(now, fresh, leaseFixture({ expiresAt: epochMs(now + 1) }))).toBe(now);
  expect(knownNow(now, fresh, null)).toBe(now);
});

test("stops at the controller's last sign of life", () => {
  const lost = leaseFixture({ renewedAt: epochMs(90_000), expiresAt: epochMs(96_000) });
  expect(knownNow(now, fresh, lost)).toBe(90_000);
});

test("stops a while after the last thing confirmed when the feed is lost", () => {
  const silent = { lastEventAt: epochMs(50_000), lastCatchUpAt: epochMs(40_000) };
  expect(knownNow(now, silent, leaseFixture({ expiresAt: epochMs(now + 1) }))).toBe(65_000);
});
