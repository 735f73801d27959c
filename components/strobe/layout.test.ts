import { describe, expect, test } from "vitest";
import { cellAfter, cellAt, GUTTER_WIDTH, HEAD_HEIGHT, strobeLayout } from "./layout.ts";
import type { ShadedPhase } from "./shade.ts";

const phase = (group: number): ShadedPhase => ({
  phase: { series: 1, stepName: "Pulse", stepType: "valve", valveNumber: 1, plannedMs: 100, group },
  cells: [],
  range: null,
});

describe("strobeLayout", () => {
  test("columns are alike, with room between the loops", () => {
    const { columns } = strobeLayout([phase(1), phase(1), phase(2)], 10, GUTTER_WIDTH + 308);
    expect(columns).toEqual([
      { x: GUTTER_WIDTH, width: 100 },
      { x: GUTTER_WIDTH + 100, width: 100 },
      { x: GUTTER_WIDTH + 208, width: 100 },
    ]);
  });

  test("rows are as high as there is room for, and no higher than can be read", () => {
    expect(strobeLayout([phase(1)], 10, 500)).toMatchObject({ rowHeight: 14, height: HEAD_HEIGHT + 140 });
    expect(strobeLayout([phase(1)], 500, 500)).toMatchObject({ rowHeight: 1.12, height: HEAD_HEIGHT + 560 });
    expect(strobeLayout([], 0, 500).columns).toEqual([]);
  });
});

describe("cellAt", () => {
  const layout = strobeLayout([phase(1), phase(2)], 10, GUTTER_WIDTH + 208);
  test.each([
    [GUTTER_WIDTH, HEAD_HEIGHT, { phase: 0, row: 0 }],
    [GUTTER_WIDTH + 150, HEAD_HEIGHT + 139, { phase: 1, row: 9 }],
    [GUTTER_WIDTH + 104, HEAD_HEIGHT + 5, null],
    [GUTTER_WIDTH - 1, HEAD_HEIGHT + 5, null],
    [GUTTER_WIDTH, HEAD_HEIGHT - 1, null],
    [GUTTER_WIDTH, HEAD_HEIGHT + 141, null],
  ])("at %d, %d", (x, y, place) => {
    expect(cellAt(layout, 10, x, y)).toEqual(place);
  });
});

test("arrow keys stay within the cells", () => {
  const from = { phase: 1, row: 4 };
  const after = (key: string) => cellAfter(key, from, 2, 10);
  expect(after("ArrowLeft")).toEqual({ phase: 0, row: 4 });
  expect(after("ArrowRight")).toEqual({ phase: 1, row: 4 });
  expect(after("ArrowUp")).toEqual({ phase: 1, row: 3 });
  expect(after("ArrowDown")).toEqual({ phase: 1, row: 5 });
  expect(after("Home")).toEqual({ phase: 1, row: 0 });
  expect(after("End")).toEqual({ phase: 1, row: 9 });
  expect(after("x")).toBeNull();
});
