import { beforeEach, expect, test } from "vitest";
import { SAMPLE_START } from "#lib/model/samples.ts";
import { type EpochMs, later } from "#lib/time.ts";
import { Canary } from "./canary.ts";
import { ManualRuntime } from "./scripted-world.ts";

let runtime: ManualRuntime;
let canary: Canary;
let told: string[];
/** How long after anything was heard a controller must be heard of again; null: none holds a machine. */
let beatMs: number | null;

beforeEach(() => {
  runtime = new ManualRuntime(SAMPLE_START);
  told = [];
  beatMs = 6_000;
  canary = new Canary({
    runtime,
    clock: runtime,
    nextBeat: (heardAt: EpochMs) => (beatMs === null ? null : later(heardAt, beatMs)),
    silent: () => told.push("silent"),
    mute: () => told.push("mute"),
  });
});

test("six seconds without a heartbeat that was due are silence, said once", async () => {
  canary.read(true);
  await runtime.advance(5_000);
  canary.heard();
  await runtime.advance(5_999);
  expect(told).toEqual([]);
  await runtime.advance(1);
  expect(told).toEqual(["silent"]);
  await runtime.advance(60_000);
  expect(told).toEqual(["silent"]);
  canary.heard();
  await runtime.advance(6_000);
  expect(told).toEqual(["silent", "silent"]);
});

test("nothing ever heard after the confirmation is silence too", async () => {
  canary.read(true);
  await runtime.advance(6_000);
  expect(told).toEqual(["silent"]);
});

test("a controller that promised to be heard of later is waited for", async () => {
  beatMs = 60_000;
  canary.read(false);
  await runtime.advance(59_999);
  expect(told).toEqual([]);
  await runtime.advance(1);
  expect(told).toEqual(["silent"]);
});

test("without a controller silence says nothing, nor on a hidden page", async () => {
  beatMs = null;
  canary.read(false);
  await runtime.advance(60_000);
  beatMs = 6_000;
  runtime.hidden = true;
  canary.heard();
  await runtime.advance(60_000);
  expect(told).toEqual([]);
});

test("silent, and the read brings what nobody told: mute, until something is told", async () => {
  canary.read(false);
  await runtime.advance(6_000);
  canary.read(true);
  expect(told).toEqual(["silent", "mute"]);
  expect(canary.isMute).toBe(true);
  canary.reset();
  expect(canary.isMute).toBe(true);
  canary.heard();
  expect(canary.isMute).toBe(false);
});

test("mute is over when twenty seconds of reading found nothing untold", async () => {
  beatMs = null;
  const polledFor = async (ms: number) => {
    for (let gone = 0; gone < ms; gone += 2_000) {
      await runtime.advance(2_000);
      canary.read(false);
    }
  };
  canary.read(true);
  await runtime.advance(10_000);
  canary.read(true);
  await runtime.advance(2_000);
  canary.reset();
  await polledFor(18_000);
  await runtime.advance(2_000);
  canary.read(true);
  await polledFor(20_000);
  expect(canary.isMute).toBe(true);
  await polledFor(2_000);
  expect(canary.isMute).toBe(false);
});

test("silent, and the read brings nothing: the controller is gone, the feed is well", async () => {
  canary.read(false);
  await runtime.advance(6_000);
  canary.read(false);
  await runtime.advance(60_000);
  expect({ told, isMute: canary.isMute }).toEqual({ told: ["silent"], isMute: false });
});

test("two reads with news between and nothing told: mute after two seconds in which it might only be late", async () => {
  beatMs = null;
  canary.read(true);
  await runtime.advance(10_000);
  canary.read(true);
  expect(canary.isSuspicious).toBe(true);
  await runtime.advance(1_999);
  expect(told).toEqual([]);
  await runtime.advance(1);
  expect(told).toEqual(["mute"]);
  expect(canary.isSuspicious).toBe(false);
});

test("a message that was only behind the read clears the suspicion", async () => {
  beatMs = null;
  canary.read(true);
  await runtime.advance(10_000);
  canary.read(true);
  canary.heard();
  await runtime.advance(60_000);
  expect({ told, isSuspicious: canary.isSuspicious }).toEqual({ told: [], isSuspicious: false });
});

test("news beside messages that do arrive is a single loss, which the read has made good", async () => {
  beatMs = null;
  canary.read(true);
  await runtime.advance(5_000);
  canary.heard();
  await runtime.advance(5_000);
  canary.read(true);
  await runtime.advance(60_000);
  expect(told).toEqual([]);
});

test("of a subscription that is not confirmed nothing is expected", async () => {
  canary.read(true);
  await runtime.advance(3_000);
  canary.reset();
  canary.heard();
  await runtime.advance(60_000);
  canary.read(true);
  expect({ told, timers: runtime.pendingTimers }).toEqual({ told: [], timers: 1 });
});
