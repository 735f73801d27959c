import type { Row } from "#bench/benchmark.ts";
import { median, spread } from "#bench/statistics.ts";

const HEAD = ["", "metric", "median", "runs apart", "reference ÷ ours", "goal", ""];

/** The rows of one benchmark as text. A ratio compares with the same metric of the reference, in medians. */
export function table(rows: Row[]): string {
  const lines = [HEAD, ...rows.map((row) => cells(row, rows))];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells(row: Row, rows: Row[]): string[] {
  const value = median(row.raw);
  return [
    row.subject,
    row.metric,
    `${format(value)} ${row.unit}`,
    row.raw.length > 1 ? `± ${(spread(row.raw) * 100).toFixed(0)} %` : "one run",
    ratio(row, rows),
    row.goal === null ? "" : `≤ ${format(row.goal)} ${row.unit}`,
    row.goal === null ? "" : value <= row.goal ? "met" : "missed",
  ];
}

function ratio(row: Row, rows: Row[]): string {
  const reference = rows.find((other) => other.isReference && other.metric === row.metric);
  if (row.isReference || reference === undefined) return "";
  return `${(median(reference.raw) / median(row.raw)).toFixed(1)} ×`;
}

/** Three digits that matter. */
function format(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** Words to the left, figures to the right. */
function pad(cell: string, width: number, column: number): string {
  return column < 2 || column === HEAD.length - 1 ? cell.padEnd(width) : cell.padStart(width);
}
