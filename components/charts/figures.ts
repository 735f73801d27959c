import { formatCount } from "#lib/view/count.ts";

/** Four significant digits, all whole ones in any case, without an exponent where a person would not write one. */
export function formatFigure(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size >= 1e9 || size < 1e-4) return sign + size.toExponential(2);
  if (size >= 1e4) return sign + formatCount(Math.round(size));
  const decimals = Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(size))));
  const figure = size.toFixed(decimals);
  return sign + figure.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

/** Writes the marks of a duration axis: one unit for all, enough digits that no two read the same, never on two lines. */
export function durationAxis(lowMs: number, highMs: number, marks: number): (ms: number) => string {
  const [unit, size] =
    highMs >= 600_000
      ? (["min", 60_000] as const)
      : highMs >= 2000
        ? (["s", 1000] as const)
        : (["ms", 1] as const);
  const apart = Math.max((highMs - lowMs) / Math.max(1, marks), 0.01) / size;
  const decimals = Math.min(4, Math.max(0, Math.ceil(-Math.log10(apart))));
  return (ms) => `${(ms / size).toFixed(decimals)}\u00a0${unit}`;
}

/** As near to `wanted` round numbers over a range as can be, `apart` from each other at least, round ends included. */
export function roundMarks(low: number, high: number, wanted: number, apart = 0): readonly number[] {
  const raw = (high - low) / Math.max(1, wanted);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const miss = (marks: readonly number[]) => Math.abs(marks.length - wanted);
  return [1, 2, 5, 10]
    .map((factor) => multiples(low, high, Math.max(factor * power, apart)))
    .reduce((best, marks) => (miss(marks) < miss(best) ? marks : best));
}

function multiples(low: number, high: number, step: number): readonly number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** The marks of an axis that counts cycles or steps: its first one, then whole numbers that leave that one room. */
export const countMarks = (first: number, last: number): readonly number[] => [
  first,
  ...roundMarks(first + (last - first) / 20, last, 6, 1).filter((mark) => mark > first),
];
