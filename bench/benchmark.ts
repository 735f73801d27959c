import type { Session } from "#scripts/start/session.ts";

/** What one run of one subject gave, by metric, in the metric's unit. */
export type Sample = Record<string, number>;

export type Metric = {
  key: string;
  unit: string /** At most this; undefined where there is no goal. */;
  goal?: number;
};

/** One thing that is measured: ours, or a reference in the same run. */
export type Subject = {
  name: string;
  isReference?: boolean;
  /** Metrics this subject gives; a reference may give fewer. */
  metrics: Metric[];
  run(): Promise<Sample>;
};

export type Context = {
  /** How often each subject is measured. */
  runs: number;
  /** Shorter measurements, for a look; figures are not to be quoted. */
  isQuick: boolean;
  say(line: string): void;
  /** Where to note what has to be stopped or removed when the benchmark is over. */
  session: Session;
};

/** A number of the design, and the program that measures it. */
export type Benchmark = {
  id: string;
  title: string;
  goal: string;
  reference: string;
  run(context: Context): Promise<Row[]>;
};

/** One line of the table: a metric of a subject, with the raw figures of every run. */
export type Row = {
  subject: string;
  isReference: boolean;
  metric: string;
  unit: string;
  goal: number | null;
  raw: number[];
};
