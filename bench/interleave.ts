import type { Context, Row, Sample, Subject } from "#bench/benchmark.ts";

/**
 * Measures the subjects in turn, run after run: what slows the machine down for a while then slows all of them. The order
 * turns round with every run, so that nobody is always the one who comes after another.
 */
export async function interleave(subjects: Subject[], { runs, say, session }: Context): Promise<Row[]> {
  const samples = new Map<Subject, Sample[]>(subjects.map((subject) => [subject, []]));
  for (let run = 1; run <= runs; run += 1) {
    for (const subject of run % 2 === 1 ? subjects : subjects.toReversed()) {
      session.signal.throwIfAborted();
      const sample = await subject.run();
      samples.get(subject)?.push(sample);
      say(`  run ${run}/${runs} ${subject.name}: ${describe(subject, sample)}`);
    }
  }
  return subjects.flatMap((subject) => rowsOf(subject, samples.get(subject) ?? []));
}

function rowsOf({ name, isReference = false, metrics }: Subject, samples: Sample[]): Row[] {
  return metrics.map(({ key, unit, goal }) => ({
    subject: name,
    isReference,
    metric: key,
    unit,
    goal: goal ?? null,
    raw: samples.map((sample) => figure(sample, key, name)),
  }));
}

function figure(sample: Sample, key: string, subject: string): number {
  const value = sample[key];
  if (value === undefined || Number.isNaN(value)) throw new Error(`${subject} gave no ${key}`);
  return value;
}

function describe({ metrics }: Subject, sample: Sample): string {
  return metrics
    .map(({ key, unit }) => `${key} ${(sample[key] ?? Number.NaN).toFixed(1)} ${unit}`)
    .join(", ");
}
