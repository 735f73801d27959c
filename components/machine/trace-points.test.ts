import { describe, expect, test } from "vitest";
import { type Trace, tracePoints, traceRange } from "#components/machine/trace-points.ts";
import { epochMs } from "#lib/time.ts";

const origin = epochMs(1000);
const sample = (at: number, pressure: number) => ({
  at: epochMs(at),
  values: { chamber_pressure: pressure },
});
const past = {
  parameterId: "p",
  name: "chamber_pressure",
  unit: "Torr",
  setPoint: null,
  points: [
    [0, 1, 1.5, 2],
    [500, 1, 1.6, 2],
    [900, 1, 1.7, 2],
  ] as const,
};

describe("tracePoints", () => {
  test("joins what was read to the samples that came after it", () => {
    expect(tracePoints("chamber_pressure", past, [sample(1600, 1.8), sample(1950, 1.9)], origin)).toEqual([
      [0, 1.5],
      [500, 1.6],
      [900, 1.7],
      [950, 1.9],
    ]);
  });

  test("lives on either source alone", () => {
    expect(tracePoints("chamber_pressure", null, [sample(1600, 1.8)], origin)).toEqual([[600, 1.8]]);
    expect(tracePoints("chamber_pressure", past, [], origin)).toHaveLength(3);
  });

  test("a sample without the parameter is passed over", () => {
    expect(tracePoints("pump_pressure", null, [sample(1600, 1.8)], origin)).toEqual([]);
  });
});

describe("traceRange", () => {
  const trace = (points: Trace["points"], setPoint: number | null): Trace => ({
    name: "t",
    label: "t",
    unit: null,
    digits: 1,
    setPoint,
    points,
  });

  test("noise on a steady value does not fill the strip", () => {
    const { low, high } = traceRange(
      trace(
        [
          [0, 199.9],
          [1, 200.1],
        ],
        200,
      ),
    );
    expect(high - low).toBeGreaterThanOrEqual(20);
  });

  test("holds every point and the set-point", () => {
    const { low, high } = traceRange(
      trace(
        [
          [0, 1],
          [1, 3],
        ],
        5,
      ),
    );
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(5);
  });

  test("without a point it is still a range", () => {
    expect(traceRange(trace([], null))).toEqual({ low: 0, high: 1 });
  });
});
