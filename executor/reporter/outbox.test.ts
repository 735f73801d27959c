import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as yieldToEvents } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Outbox } from "#executor/reporter/outbox.ts";

type Entry = { n: number; text?: string };
let folder: string;
let path: string;
const faults: string[] = [];
const open = () => Outbox.open<Entry>(path, (message) => faults.push(message));
const never = new AbortController().signal;
const numbers = (entries: Entry[]) => entries.map(({ n }) => n);

beforeEach(async () => {
  faults.length = 0;
  folder = await mkdtemp(join(tmpdir(), "outbox-"));
  path = join(folder, "deep", "steps.jsonl");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  expect(faults).toEqual([]);
});

async function readSome(outbox: Outbox<Entry>) {
  await outbox.waitForEntries(never);
  return outbox.read();
}

test("entries are read in order until they are acknowledged", async () => {
  const outbox = await open();
  expect(outbox.isEmpty()).toBe(true);
  for (let n = 1; n <= 3; n += 1) outbox.append({ n });
  const batch = await readSome(outbox);
  expect(numbers(batch.entries)).toEqual([1, 2, 3]);
  expect(numbers((await outbox.read()).entries)).toEqual([1, 2, 3]);
  outbox.acknowledge(batch.end);
  expect(outbox.isEmpty()).toBe(true);
  outbox.append({ n: 4 });
  expect(numbers((await readSome(outbox)).entries)).toEqual([4]);
  await outbox.close();
});

test("an entry on its way to the disk is not delivered", async () => {
  const outbox = await open();
  let isDone = false;
  const looks: boolean[] = [];
  const wait = outbox.waitForEntries(never).then(() => {
    isDone = true;
  });
  outbox.append({ n: 1 });
  for (looks.push(outbox.isEmpty()); !isDone; looks.push(outbox.isEmpty())) await yieldToEvents();
  await wait;
  expect(looks.filter((isEmpty) => isEmpty)).toEqual([]);
  await outbox.close();
});

test("what was not acknowledged is there after a restart", async () => {
  const before = await open();
  before.append({ n: 1 });
  const first = await readSome(before);
  before.append({ n: 2 });
  before.append({ n: 3 });
  before.acknowledge(first.end);
  await before.close();
  const after = await open();
  const batch = await readSome(after);
  expect(numbers(batch.entries)).toEqual([2, 3]);
  after.acknowledge(batch.end);
  await after.close();
  const empty = await open();
  expect(empty.isEmpty()).toBe(true);
  await empty.close();
});

test("a line that a crash left half written is cut off; later ones follow cleanly", async () => {
  const before = await open();
  before.append({ n: 1 });
  await before.close();
  await appendFile(path, '{"n":2,"te');
  const after = await open();
  after.append({ n: 3 });
  await after.close();
  const again = await open();
  expect(numbers((await readSome(again)).entries)).toEqual([1, 3]);
  await again.close();
});

test("an acknowledgement beyond the file, as a lost page leaves it, delivers again rather than never", async () => {
  const before = await open();
  before.append({ n: 1 });
  await before.close();
  await writeFile(`${path}.ack`, "999999");
  const after = await open();
  expect(numbers((await readSome(after)).entries)).toEqual([1]);
  await after.close();
  expect(Number(await readFile(`${path}.ack`, "utf8"))).toBe(0);
});

test("a delivered queue takes no room", async () => {
  const outbox = await open();
  for (let n = 0; n < 5000; n += 1) outbox.append({ n, text: "x".repeat(200) });
  const seen: number[] = [];
  while (!outbox.isEmpty()) {
    const batch = await readSome(outbox);
    seen.push(...numbers(batch.entries));
    outbox.acknowledge(batch.end);
  }
  await outbox.close();
  expect(seen).toEqual(Array.from({ length: 5000 }, (_, n) => n));
  expect((await stat(path)).size).toBe(0);
  expect(Number(await readFile(`${path}.ack`, "utf8"))).toBe(0);
});

test("waiting ends with an entry, an abort, or its limit", async () => {
  const outbox = await open();
  const abort = new AbortController();
  const waits = [
    outbox.waitForEntries(never),
    outbox.waitForEntries(abort.signal),
    outbox.waitForEntries(never, 1),
  ];
  await waits[2];
  abort.abort();
  await waits[1];
  outbox.append({ n: 1 });
  await waits[0];
  await outbox.close();
  expect(() => outbox.append({ n: 2 })).toThrow("after the queue was closed");
});
