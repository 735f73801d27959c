import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleOpenStep, sampleStep } from "#lib/model/samples.ts";
import type { StepExecution } from "#lib/model/step.ts";
import { StepRing } from "./step-ring.ts";

const seqs = (ring: StepRing): number[] => ring.list().map((step) => step.seq);

function ringOf(capacity: number, ...steps: StepExecution[]): StepRing {
  const ring = new StepRing(capacity);
  for (const step of steps) ring.put(step);
  return ring;
}

test("holds a step back until its predecessors are there", () => {
  const ring = ringOf(10, sampleStep({ seq: 1 }), sampleStep({ seq: 3 }), sampleStep({ seq: 4 }));
  expect(seqs(ring)).toEqual([1]);
  expect(ring.gap(0, false)).toEqual({ from: 2, to: 4 });
  ring.put(sampleStep({ seq: 2 }));
  expect(seqs(ring)).toEqual([1, 2, 3, 4]);
  expect(ring.gap(4, false)).toBeNull();
});

test("a tail that is only known to exist is a gap", () => {
  expect(ringOf(10, sampleStep({ seq: 1 })).gap(3, false)).toEqual({ from: 2, to: 3 });
});

test("a step left open by a lost message is a gap, the last one only after the end", () => {
  const ring = ringOf(10, sampleOpenStep({ seq: 1 }), sampleOpenStep({ seq: 2 }));
  expect(ring.gap(2, false)).toEqual({ from: 1, to: 2 });
  ring.put(sampleStep({ seq: 1 }));
  expect(ring.gap(2, false)).toBeNull();
  expect(ring.gap(2, true)).toEqual({ from: 2, to: 2 });
});

test("keeps the last steps only; what it let go does not come back", () => {
  const ring = ringOf(2, sampleStep({ seq: 1 }), sampleStep({ seq: 2 }), sampleStep({ seq: 3 }));
  ring.put(sampleStep({ seq: 1 }));
  expect(seqs(ring)).toEqual([2, 3]);
});

test("the list is the same array until something changes", () => {
  const ring = ringOf(4, sampleStep({ seq: 1 }), sampleOpenStep({ seq: 2 }));
  const before = ring.list();
  ring.put(sampleOpenStep({ seq: 2 }));
  ring.put(sampleStep({ seq: 9 }));
  expect(ring.list()).toBe(before);
  ring.put(sampleStep({ seq: 2 }));
  expect(ring.list()).not.toBe(before);
  expect(ring.list()[0]).toBe(before[0]);
});

test("what is held back is bounded as well, and the gap is still known to its end", () => {
  const ring = ringOf(3, sampleStep({ seq: 1 }));
  for (let seq = 10; seq <= 10_000; seq += 1) ring.put(sampleStep({ seq }));
  expect(ring.gap(0, false)).toEqual({ from: 2, to: 10_000 });
  ring.putRecent([9_995, 9_996, 9_997].map((seq) => sampleStep({ seq })));
  expect(seqs(ring)).toEqual([9_998, 9_999, 10_000]);
  expect(ring.gap(0, false)).toBeNull();
});

test("a read that lies beyond what can be joined takes the place of the rest", () => {
  const ring = ringOf(5, sampleStep({ seq: 1 }), sampleStep({ seq: 2 }), sampleStep({ seq: 102 }));
  ring.putRecent([sampleStep({ seq: 100 }), sampleStep({ seq: 101 })]);
  expect(seqs(ring)).toEqual([100, 101, 102]);
  expect(ring.gap(102, false)).toBeNull();
});

test("a read that is older than what is known changes nothing", () => {
  const ring = ringOf(5, sampleStep({ seq: 1 }), sampleStep({ seq: 2 }));
  const before = ring.list();
  ring.putRecent([sampleOpenStep({ seq: 1 })]);
  expect(ring.list()).toBe(before);
});

/** Every reading of a run of n steps that could ever be sent: each step open, then closed. */
const readings = (n: number): StepExecution[] =>
  Array.from({ length: n }, (_, i) => [sampleOpenStep({ seq: i + 1 }), sampleStep({ seq: i + 1 })]).flat();

const script = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    capacity: fc.integer({ min: 1, max: 15 }),
    // Any of the readings, in any order, any number of times or never.
    sent: fc.array(fc.constantFrom(...readings(n)), { maxLength: 40 }),
  }),
);

test("any order, repetition and loss end the same once the gaps are fetched", () => {
  fc.assert(
    fc.property(script, ({ n, capacity, sent }) => {
      const ring = new StepRing(capacity);
      for (const step of sent) {
        ring.put(step);
        const listed = seqs(ring);
        const first = listed[0] ?? 1;
        expect(listed).toEqual(listed.map((_, i) => first + i));
      }
      const truth = readings(n).filter((step) => step.endedAt !== null);
      for (let gap = ring.gap(n, true); gap !== null; gap = ring.gap(n, true)) {
        const { from, to } = gap;
        for (const step of truth) if (step.seq >= from && step.seq <= to) ring.put(step);
      }
      expect(ring.list()).toEqual(truth.slice(-capacity));
    }),
    { numRuns: 500 },
  );
});
