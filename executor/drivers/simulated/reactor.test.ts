import { describe, expect, test } from "vitest";
import { seededRandom, seedOf } from "#executor/drivers/simulated/random.ts";
import { Reactor } from "#executor/drivers/simulated/reactor.ts";

const setup = { pressureTorr: 1.799, temperatureC: 425, flowSccm: 20, precursorC: [70, 25] };
const reactor = (seed = 1) => new Reactor(setup, seededRandom(seed));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const readings = (machine: Reactor, name: string, count: number) =>
  Array.from({ length: count }, () => {
    machine.advance(500);
    return machine.readAll()[name] ?? Number.NaN;
  });

function pulseOf(machine: Reactor, valve: number, ms: number, height = 1) {
  machine.open(valve, height);
  machine.advance(ms);
  const pulse = machine.close(valve);
  machine.advance(5000);
  return pulse;
}

describe("against the run of 24 May 2019", () => {
  test("purging: base pressure and its noise, flow and temperature spread", () => {
    const machine = reactor();
    const pressure = readings(machine, "chamber_pressure", 2000);
    expect(mean(pressure)).toBeCloseTo(1.799, 2);
    expect(spread(pressure)).toBeCloseTo(0.012, 3);
    expect(spread(readings(machine, "carrier_flow", 2000))).toBeCloseTo(0.2, 1);
    const temperature = spread(readings(machine, "chamber_temperature", 4000));
    expect(temperature).toBeGreaterThan(0.1);
    expect(temperature).toBeLessThan(0.4);
  });

  test("pulses: TMA and H2O rise as high as the real ones", () => {
    const machine = reactor();
    expect(mean(Array.from({ length: 200 }, () => pulseOf(machine, 1, 1000).peak_torr))).toBeCloseTo(
      0.055,
      2,
    );
    expect(mean(Array.from({ length: 200 }, () => pulseOf(machine, 2, 2000).peak_torr))).toBeCloseTo(
      0.119,
      2,
    );
  });

  test("the pressure is back at the baseline 2.5 s after the valve closed", () => {
    const machine = reactor();
    machine.open(2, 1);
    machine.advance(2000);
    machine.close(2);
    machine.advance(2500);
    expect(
      Math.abs(
        mean(Array.from({ length: 400 }, () => machine.readPressure()["chamber_pressure"] ?? 0)) - 1.799,
      ),
    ).toBeLessThan(0.003);
  });
});

test("a pulse without precursor has no peak", () => {
  expect(pulseOf(reactor(), 1, 100, 0).peak_torr).toBe(0);
});

test("a longer pulse has more area, a depleted source less height", () => {
  const machine = reactor();
  expect(pulseOf(machine, 1, 200).area_torr_s).toBeGreaterThan(pulseOf(machine, 1, 100).area_torr_s);
  const fresh = mean(Array.from({ length: 500 }, () => pulseOf(machine, 3, 50).peak_torr));
  for (let pulse = 0; pulse < 20_000; pulse += 1) {
    machine.open(3, 1);
    machine.close(3);
  }
  const tired = mean(Array.from({ length: 500 }, () => pulseOf(machine, 3, 50).peak_torr));
  expect(tired / fresh).toBeCloseTo(Math.exp(-0.4), 1);
});

test("a set-point moves at its rate and stays there", () => {
  const machine = reactor();
  machine.ramp("chamber_temperature", 435, 2);
  machine.advance(2500);
  expect(machine.chamber().setPointC).toBeCloseTo(430, 5);
  machine.advance(60_000);
  expect(machine.chamber().setPointC).toBe(435);
});

test("a heater that runs away leaves its set-point", () => {
  const machine = reactor();
  machine.runAway(2);
  machine.advance(10_000);
  const { temperatureC, setPointC } = machine.chamber();
  expect(setPointC).toBe(425);
  expect(temperatureC - setPointC).toBeGreaterThan(18);
});

test("the same seed gives the same readings, another one others", () => {
  const trace = (seed: number) => readings(reactor(seed), "chamber_pressure", 20);
  expect(trace(seedOf("ALD-01"))).toEqual(trace(seedOf("ALD-01")));
  expect(trace(seedOf("ALD-01"))).not.toEqual(trace(seedOf("ALD-02")));
});

test("a valve that was not opened cannot be closed", () => {
  expect(() => reactor().close(1)).toThrow("valve 1");
});
