import { expect, test } from "vitest";
import { type EpochMs, epochMs } from "#lib/time.ts";
import { type FleetOrder, orderByNeed as order } from "#lib/view/fleet-order.ts";
import type { FleetTile } from "#lib/view/fleet-tiles.ts";

const tile = (
  name: string,
  attention: FleetTile["attention"],
  finishAt: number | null = null,
  runId: string | null = null,
): FleetTile => ({
  machineId: name,
  name,
  serialNumber: name,
  location: null,
  status: "processing",
  statusLabel: "Processing",
  attention,
  attentionReason: null,
  runId,
  recipeName: null,
  cycle: null,
  totalCycles: null,
  fraction: null,
  finishAt: finishAt as EpochMs | null,
  isOverrun: false,
  lastDeviation: null,
  deviationCount: 0,
  age: null,
  origin: "simulated",
});

const orderByNeed = (before: FleetOrder | null, tiles: FleetTile[]) => order(before, tiles, epochMs(0));

test("need first, then the next to finish, then the name", () => {
  const tiles = [
    tile("off", "offline"),
    tile("b", "none"),
    tile("a", "none"),
    tile("late", "running", 20),
    tile("soon", "running", 10),
    tile("bad", "alarm"),
  ];
  expect(orderByNeed(null, tiles)).toMatchObject({
    order: ["bad", "soon", "late", "a", "b", "off"],
    risen: [],
  });
});

test("nobody moves while expectations waver, and the answer stays the same object", () => {
  const first = orderByNeed(null, [tile("a", "running", 10, "r1"), tile("b", "running", 20, "r2")]);
  const second = orderByNeed(first, [tile("a", "running", 30, "r1"), tile("b", "running", 20, "r2")]);
  expect(second).toBe(first);
});

test("a change of one machine's need moves that machine alone", () => {
  const first = orderByNeed(null, [
    tile("a", "running", 10, "r1"),
    tile("b", "running", 20, "r2"),
    tile("c", "none"),
  ]);
  const next = orderByNeed(first, [
    tile("a", "running", 40, "r1"),
    tile("b", "running", 30, "r2"),
    tile("c", "alarm"),
  ]);
  expect(next).toMatchObject({ order: ["c", "a", "b"], risen: ["c"] });
});

test("a new run takes its place by its own end; a machine that recovers is not announced", () => {
  const first = orderByNeed(null, [tile("a", "running", 10, "r1"), tile("b", "alarm")]);
  const next = orderByNeed(first, [tile("a", "running", 50, "r3"), tile("b", "running", 40, "r2")]);
  expect(next).toMatchObject({ order: ["b", "a"], risen: [] });
});

test("machines come and go", () => {
  const first = orderByNeed(null, [tile("a", "none"), tile("b", "none")]);
  expect(orderByNeed(first, [tile("b", "none"), tile("c", "alarm")])).toMatchObject({
    order: ["c", "b"],
    risen: [],
  });
  expect(orderByNeed(first, [tile("b", "none")]).order).toEqual(["b"]);
});

test("who came to the front is told until it has been read, whatever the others do, or it is over", () => {
  const [calm, bad, busy] = [tile("a", "none"), tile("a", "alarm"), tile("b", "running", 10, "r1")];
  const first = orderByNeed(null, [calm, tile("b", "none")]);
  const risen = order(first, [bad, tile("b", "none")], epochMs(1_000));
  expect(order(risen, [bad, busy], epochMs(15_000))).toMatchObject({ risen: ["a"], since: 1_000 });
  expect(order(risen, [bad, busy], epochMs(16_000))).toMatchObject({ risen: [], since: 16_000 });
  expect(order(risen, [calm, busy], epochMs(2_000))).toMatchObject({ risen: [] });
  expect(order(risen, [bad, tile("b", "alarm")], epochMs(2_000))).toMatchObject({
    risen: ["a", "b"],
    since: 2_000,
  });
});
