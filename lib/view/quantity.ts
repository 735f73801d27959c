/** Decimal places in which a reading of a unit is shown: always the same, so that figures do not dance. */
const PLACES: Readonly<Record<string, number>> = { "°C": 1, Torr: 3, sccm: 1 };

/** A reading with its unit: "200.1 °C", "0.051 Torr"; four significant digits where the unit says nothing. */
export function formatReading(value: number, unit: string | null): string {
  const places = unit === null ? undefined : PLACES[unit];
  const text = places === undefined ? String(Number(value.toPrecision(4))) : value.toFixed(places);
  return withUnit(text, unit);
}

/** A number that a person wrote (a set-point, a limit), as exact as it was written: "200 °C". */
export const formatSetting = (value: number, unit: string | null): string => withUnit(exact(value), unit);

/** Limits, the unit once: "0 to 400 °C". */
export const formatLimits = (from: number, to: number, unit: string | null): string =>
  withUnit(`${exact(from)} to ${exact(to)}`, unit);

/** Twelve digits: all that a person writes, and none of what binary fractions add. */
const exact = (value: number): string => String(Number(value.toPrecision(12)));

const withUnit = (text: string, unit: string | null): string => (unit === null ? text : `${text} ${unit}`);

/** Written in capitals wherever they stand in a name. */
const ABBREVIATED = /\b(mfc|qcm|rga|n2|o2|o3|h2o)\b/gi;

/** A parameter's name in words: "chamber_temperature" is the "Chamber temperature". */
export function parameterLabel(name: string): string {
  const words = name
    .replaceAll("_", " ")
    .trim()
    .replace(ABBREVIATED, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
