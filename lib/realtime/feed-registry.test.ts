import { expect, test } from "vitest";
import { SAMPLE_START } from "#lib/model/samples.ts";
import { FeedRegistry } from "./feed-registry.ts";
import { ManualRuntime } from "./scripted-world.ts";

function feed() {
  const told: string[] = [];
  return { told, start: () => told.push("start"), stop: () => told.push("stop") };
}

test("one feed per key runs until its last holder has been gone for 5 s", async () => {
  const runtime = new ManualRuntime(SAMPLE_START);
  const registry = new FeedRegistry(runtime);
  const first = feed();
  const { letGo } = registry.hold("fleet", first);
  expect(registry.find("fleet", feed())).toBe(first);
  const { letGo: letGoToo } = registry.hold("fleet", first);
  letGo();
  await runtime.advance(60_000);
  expect(first.told.includes("stop")).toBe(false);
  letGoToo();
  await runtime.advance(4_999);
  expect(first.told.includes("stop")).toBe(false);
  await runtime.advance(1);
  expect(first.told.at(-1)).toBe("stop");
  const second = feed();
  expect(registry.find("fleet", second)).toBe(second);
});

test("mounted, unmounted and mounted again in one breath, it never stops", async () => {
  const runtime = new ManualRuntime(SAMPLE_START);
  const registry = new FeedRegistry(runtime);
  const only = feed();
  registry.hold("run", only).letGo();
  registry.hold("run", only);
  await runtime.advance(60_000);
  expect(only.told.includes("stop")).toBe(false);
});

test("letting go twice is letting go once", async () => {
  const runtime = new ManualRuntime(SAMPLE_START);
  const registry = new FeedRegistry(runtime);
  const only = feed();
  const { letGo } = registry.hold("run", only);
  registry.hold("run", only);
  letGo();
  letGo();
  await runtime.advance(60_000);
  expect(only.told.includes("stop")).toBe(false);
});

test("made twice in one breath, both holders look at the one that was first", async () => {
  const registry = new FeedRegistry(new ManualRuntime(SAMPLE_START));
  const first = feed();
  const second = feed();
  expect(registry.hold("run", first).feed).toBe(first);
  expect(registry.hold("run", second).feed).toBe(first);
  expect(second.told).toEqual([]);
});
