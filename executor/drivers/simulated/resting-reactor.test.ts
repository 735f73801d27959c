import { expect, test } from "vitest";
import type { RestSetup } from "#executor/drivers/driver-kind.ts";
import { seededRandom, seedOf } from "#executor/drivers/simulated/random.ts";
import { RestingReactor } from "#executor/drivers/simulated/resting-reactor.ts";

const LEFT: RestSetup["parameters"] = [
  { name: "chamber_pressure", reading: 0.42, setPoint: null },
  { name: "pump_pressure", reading: 0.042, setPoint: null },
  { name: "carrier_flow", reading: 150, setPoint: null },
  { name: "chamber_temperature", reading: 212, setPoint: 200 },
  { name: "precursor_1_temperature", reading: 22, setPoint: 22 },
  { name: "door_angle", reading: 4, setPoint: null },
];
const resting = (parameters = LEFT) => new RestingReactor(parameters, seededRandom(seedOf("ALD-01")));

test("the first readings are those the run left, within their noise", () => {
  const values = resting().read();
  expect(Object.keys(values)).toEqual(LEFT.slice(0, -1).map(({ name }) => name));
  expect(values["chamber_pressure"]).toBeCloseTo(0.42, 1);
  expect(values["carrier_flow"]).toBeGreaterThan(145);
  expect(Math.abs((values["chamber_temperature"] ?? 0) - 212)).toBeLessThan(0.3);
});

test("gas and pressure fall within seconds, the heater settles within minutes, and neither jumps", () => {
  const machine = resting();
  let before = machine.read();
  for (let second = 0; second < 1800; second += 2) {
    machine.advance(2000);
    const values = machine.read();
    const [was = 0, is = 0] = [before["chamber_temperature"], values["chamber_temperature"]];
    expect(Math.abs(is - was)).toBeLessThan(0.6);
    if (second === 30) {
      expect(values["chamber_pressure"]).toBeCloseTo(0.05, 2);
      expect(values["pump_pressure"]).toBeCloseTo(0.005, 3);
      expect(values["carrier_flow"]).toBeCloseTo(20, 0);
      expect(is).toBeGreaterThan(208);
    }
    before = values;
  }
  expect(Math.abs((before["chamber_temperature"] ?? 0) - 200)).toBeLessThan(0.8);
});

test("a parameter that was never read rests at its set-point, else at room temperature", () => {
  const values = resting([
    { name: "chamber_temperature", reading: null, setPoint: 150 },
    { name: "precursor_2_temperature", reading: null, setPoint: null },
    { name: "chamber_pressure", reading: null, setPoint: null },
  ]).read();
  expect(Math.abs((values["chamber_temperature"] ?? 0) - 150)).toBeLessThan(0.3);
  expect(Math.abs((values["precursor_2_temperature"] ?? 0) - 22)).toBeLessThan(0.3);
  expect(values["chamber_pressure"]).toBeCloseTo(0.05, 2);
});

test("the course is the same however often it is looked at", () => {
  const often = resting();
  for (let i = 0; i < 100; i += 1) often.advance(100);
  const once = resting();
  once.advance(10_000);
  expect(often.read()["chamber_pressure"]).toBeCloseTo(once.read()["chamber_pressure"] ?? 0, 2);
});
