// How a comparison is told: what is measured against what, and which steps are worth a chart. Guarded by comparison.test.ts.

import type { ComparedSeries, Comparison } from "#lib/model/comparison.ts";
import { counted } from "./count.ts";

/** What the runs are measured against, in a sentence. */
export function envelopeSentence({ goodRunIds, runs }: Comparison): string {
  const name = runs[0]?.recipeName ?? "this recipe";
  if (goodRunIds.length > 0) {
    return `Measured against ${counted(goodRunIds.length, "run")} of ${name} marked good: what they did is the band in the charts.`;
  }
  const alone =
    runs.length === 1
      ? "there is nothing to measure this one against"
      : "each is measured against the others";
  return `No run of ${name} is marked good, so ${alone}.`;
}

/** Steps that recur, those that differ most first, then in the order of the program; and those that happen once. */
export function orderedSeries({ series, differences }: Comparison): {
  repeated: readonly ComparedSeries[];
  single: readonly ComparedSeries[];
} {
  const rank = new Map<string, number>();
  for (const { key } of differences) if (!rank.has(key)) rank.set(key, rank.size);
  const place = ({ key }: ComparedSeries) => rank.get(key) ?? Number.POSITIVE_INFINITY;
  const repeated = series.filter(({ x }) => x.length > 1);
  return {
    repeated: repeated.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b))),
    single: series.filter(({ x }) => x.length === 1),
  };
}
