import { beforeEach, expect, test } from "vitest";
import { SAMPLE_START } from "#lib/model/samples.ts";
import { ReadFault } from "#lib/supabase/call.ts";
import { keepReading } from "./reading.ts";
import { ManualRuntime } from "./scripted-world.ts";

const NO_ANSWER = { ok: false, code: "unreachable", message: "no answer", hint: null, status: 0 } as const;

let runtime: ManualRuntime;
let asked: number;
let isDown: boolean;
let heard: unknown[];
let signals: AbortSignal[];

beforeEach(() => {
  runtime = new ManualRuntime(SAMPLE_START);
  asked = 0;
  isDown = false;
  heard = [];
  signals = [];
});

const begin = (everyMs: number | null): (() => void) =>
  keepReading({
    runtime,
    everyMs,
    read: async (signal) => {
      asked += 1;
      signals.push(signal);
      if (isDown) throw new ReadFault(NO_ANSWER);
      return asked;
    },
    heard: (answer) => heard.push(answer),
  });

test("it reads at once, and again so long after each answer", async () => {
  begin(10_000);
  await runtime.advance(0);
  expect(heard).toEqual([{ data: 1 }]);
  await runtime.advance(9_999);
  expect(asked).toBe(1);
  await runtime.advance(20_001);
  expect(heard).toEqual([{ data: 1 }, { data: 2 }, { data: 3 }, { data: 4 }]);
});

test("what is asked once is asked until it is answered", async () => {
  isDown = true;
  begin(null);
  await runtime.advance(4_000);
  expect(heard).toEqual(["failed", "failed"]);
  isDown = false;
  await runtime.advance(60_000);
  expect(heard).toEqual(["failed", "failed", { data: 3 }]);
});

test("a hidden page asks nothing, and at once when it is seen again", async () => {
  begin(10_000);
  await runtime.advance(0);
  runtime.happen("hidden");
  await runtime.advance(60_000);
  expect(asked).toBe(1);
  runtime.happen("shown");
  await runtime.advance(0);
  expect(asked).toBe(2);
  runtime.happen("hidden");
  runtime.happen("shown");
  await runtime.advance(0);
  expect(asked, "nothing is due yet").toBe(2);
});

test("when it is over, nothing is asked, heard or waited for, and what is under way is given up", async () => {
  const end = begin(10_000);
  end();
  await runtime.advance(60_000);
  expect(heard).toEqual([]);
  expect(asked).toBe(1);
  expect(signals[0]?.aborted).toBe(true);
  expect([runtime.pendingTimers, runtime.watchers]).toEqual([0, 0]);
});
