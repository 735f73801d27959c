import { describe, expect, test } from "vitest";
import { LiveEdge } from "#components/machine/live-edge.ts";

describe("LiveEdge", () => {
  test("starts at the estimate and then runs with time", () => {
    const edge = new LiveEdge();
    expect(edge.at(1000, 500, 1)).toBe(500);
    expect(edge.at(1016, 516, 1)).toBe(516);
  });

  test("runs at the speed of a replay", () => {
    const edge = new LiveEdge();
    edge.at(0, 0, 60);
    expect(edge.at(16, 960, 60)).toBe(960);
  });

  test("a late report does not move it backwards, an early one only leans it forward", () => {
    const edge = new LiveEdge();
    edge.at(0, 0, 1);
    const late = edge.at(16, -184, 1);
    expect(late).toBe(0);
    const early = edge.at(32, 216, 1);
    expect(early).toBeGreaterThan(16);
    expect(early).toBeLessThan(60);
  });

  test("settles on the estimate", () => {
    const edge = new LiveEdge();
    edge.at(0, 0, 1);
    let seen = 0;
    for (let now = 16; now <= 1600; now += 16) seen = edge.at(now, now + 100, 1);
    expect(seen).toBeCloseTo(1700, 0);
  });

  test("follows a jump at once, forwards after a gap and back for a new run", () => {
    const edge = new LiveEdge();
    edge.at(0, 0, 1);
    expect(edge.at(16, 60_000, 1)).toBe(60_000);
    expect(edge.at(32, 0, 1)).toBe(0);
  });
});
