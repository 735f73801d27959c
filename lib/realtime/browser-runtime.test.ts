import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browserRuntime } from "./browser-runtime.ts";
import type { Surrounding } from "./runtime.ts";

// The browser's own events, as it sends them, and the clock that tells of sleep.

const page = Object.assign(new EventTarget(), { hidden: false });
const browserWindow = new EventTarget();
let seen: Surrounding[];
let unwatch: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", browserWindow.addEventListener.bind(browserWindow));
  page.hidden = false;
  seen = [];
  unwatch = browserRuntime.watch((event) => seen.push(event));
});

afterEach(() => {
  unwatch();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const pageShow = (persisted: boolean) => Object.assign(new Event("pageshow"), { persisted });

test("hidden, shown, without a network and with one again", () => {
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  browserWindow.dispatchEvent(new Event("offline"));
  browserWindow.dispatchEvent(new Event("online"));
  expect(seen).toEqual(["hidden", "shown", "offline", "online"]);
});

test("FB3 back from the browser's memory is coming back; a first showing is not", () => {
  browserWindow.dispatchEvent(pageShow(false));
  expect(seen).toEqual([]);
  browserWindow.dispatchEvent(pageShow(true));
  expect(seen).toEqual(["resumed"]);
});

test("FB1 a tick that comes a night late is a sleep", () => {
  vi.advanceTimersByTime(60_000);
  expect(seen).toEqual([]);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  vi.advanceTimersByTime(5_000);
  expect(seen).toEqual(["resumed"]);
  vi.advanceTimersByTime(60_000);
  expect(seen).toEqual(["resumed"]);
});

test("FB2 a hidden page's slow ticks are no sleep", () => {
  page.hidden = true;
  for (let minute = 0; minute < 120; minute += 1) {
    vi.setSystemTime(Date.now() + 55_000);
    vi.advanceTimersByTime(5_000);
  }
  expect(seen).toEqual([]);
});

test("FB5 a clock set back is no sleep", () => {
  vi.setSystemTime(Date.now() - 600_000);
  vi.advanceTimersByTime(60_000);
  expect(seen).toEqual([]);
});

test("nothing is heard any more after the watch ended", () => {
  unwatch();
  browserWindow.dispatchEvent(pageShow(true));
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  vi.advanceTimersByTime(5_000);
  expect(seen).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
