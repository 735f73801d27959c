import { expect, test } from "vitest";
import { SAMPLE_START, sampleOpenStep, sampleStep } from "#lib/model/samples.ts";
import { durationMs, later } from "#lib/time.ts";
import { stepDurationSeries } from "#lib/view/duration-series.ts";
import { pulseStrip } from "#lib/view/pulse-strip.ts";
import { telemetryLine } from "#lib/view/telemetry-lines.ts";

const pulse = (seq: number, measured: number | null, over = {}) =>
  sampleStep({ seq, measuredMs: measured === null ? null : durationMs(measured), ...over });

test("a pulse is compared with the mean of its own kind before it", () => {
  const water = { recipeStepId: "water", valveNumber: 2 };
  const strip = pulseStrip([
    pulse(1, 100),
    pulse(2, 50, water),
    pulse(3, 120),
    pulse(4, 110),
    pulse(5, 60, water),
  ]);
  expect(strip.pulses.map((each) => each.meanMs)).toEqual([null, null, 100, 110, 50]);
  expect(strip.scaleMs).toBe(120);
  expect(strip.pulses[2]).toMatchObject({ measuredFraction: 1, plannedFraction: 100 / 120 });
});

test("only the last pulses are shown, but the earlier ones still make the mean", () => {
  const strip = pulseStrip([pulse(1, 100), sampleStep({ seq: 2, stepType: "purge" }), pulse(3, 200)], 1);
  expect(strip.pulses).toHaveLength(1);
  expect(strip.pulses[0]).toMatchObject({ seq: 3, meanMs: 100, isDeviation: true });
});

test("an open pulse has no measure and no part in the mean; peaks share a scale", () => {
  const torr = (peakTorr: number) => ({
    pulse: { peakTorr, areaTorrS: null, baselineTorr: null, massGainNgCm2: null },
  });
  const strip = pulseStrip([pulse(1, 100, torr(2)), pulse(2, 100, torr(4)), sampleOpenStep({ seq: 3 })]);
  expect(strip.scaleTorr).toBe(4);
  expect(strip.pulses.map((each) => each.peakFraction)).toEqual([0.5, 1, null]);
  expect(strip.pulses[2]).toMatchObject({ isOpen: true, measuredFraction: null, meanMs: 100 });
});

test("no pulses make an empty strip with a usable scale", () => {
  expect(pulseStrip([])).toEqual({ pulses: [], scaleMs: 1, scaleTorr: 0 });
});

test("durations come as one series per step of the recipe, measured valve and purge steps only", () => {
  const series = stepDurationSeries([
    pulse(1, 101),
    sampleStep({ seq: 2, stepType: "purge", recipeStepId: "purge-1", valveNumber: null, stepName: "Purge" }),
    sampleStep({ seq: 3, stepType: "wait", recipeStepId: "settle" }),
    pulse(4, 99),
    pulse(5, 70, { recipeStepId: null }),
    sampleOpenStep({ seq: 6 }),
  ]);
  expect(series.map((each) => [each.key, each.points.map((point) => point.measuredMs)])).toEqual([
    ["tma", [101, 99]],
    ["purge-1", [100]],
    ["valve 1 TMA", [70]],
  ]);
});

const at = (ms: number) => later(SAMPLE_START, ms);
const sample = (ms: number, pressure: number) => ({ at: at(ms), values: { pressure } });
const window = { from: at(1_000), to: at(2_000) };

test("a line covers the window and one neighbour on each side", () => {
  const line = telemetryLine(
    [0, 900, 1_500, 2_100, 3_000].map((ms) => sample(ms, ms)),
    "pressure",
    window,
  );
  expect(line).toMatchObject({ min: 900, max: 2_100, last: 2_100 });
  expect(line?.points.map((point) => point.x)).toEqual([-0.1, 0.5, 1.1]);
  expect(line?.points.map((point) => point.y)).toEqual([0, 0.5, 1]);
});

test("a flat line runs in the middle; a given domain holds", () => {
  expect(telemetryLine([sample(1_500, 3)], "pressure", window)?.points[0]?.y).toBe(0.5);
  expect(telemetryLine([sample(1_500, 3)], "pressure", window, { min: 0, max: 10 })?.points[0]?.y).toBe(0.3);
});

test("what was not measured has no line", () => {
  expect(telemetryLine([sample(1_500, 3)], "flow", window)).toBeNull();
  expect(telemetryLine([sample(1_500, Number.NaN)], "pressure", window)).toBeNull();
  expect(telemetryLine([], "pressure", window)).toBeNull();
});

test("samples that all lie before the window leave their last as the edge", () => {
  expect(
    telemetryLine([sample(100, 1), sample(500, 2)], "pressure", window)?.points.map((p) => p.value),
  ).toEqual([2]);
});
