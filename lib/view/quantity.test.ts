import { expect, test } from "vitest";
import { formatLimits, formatReading, formatSetting, parameterLabel } from "./quantity.ts";

test("a reading keeps the places of its unit", () => {
  expect(formatReading(200, "°C")).toBe("200.0 °C");
  expect(formatReading(0.0512, "Torr")).toBe("0.051 Torr");
  expect(formatReading(150.04, "sccm")).toBe("150.0 sccm");
  expect(formatReading(5_583_588.4, "Hz")).toBe("5584000 Hz");
  expect(formatReading(1.5, null)).toBe("1.5");
});

test("a setting is as exact as it was written", () => {
  expect(formatSetting(200, "°C")).toBe("200 °C");
  expect(formatSetting(0.1 + 0.2, "Torr")).toBe("0.3 Torr");
  expect(formatLimits(0, 400, "°C")).toBe("0 to 400 °C");
});

test("a parameter's name in words", () => {
  expect(parameterLabel("precursor_1_temperature")).toBe("Precursor 1 temperature");
  expect(parameterLabel("qcm_mass")).toBe("QCM mass");
  expect(parameterLabel("carrier_n2_flow")).toBe("Carrier N2 flow");
  expect(parameterLabel("")).toBe("");
});
