/** How one phase ended. `failures` are sentences, shown again below the last phase. */
export type Tally = { passed: number; failed: number; failures: string[] };

export type Phase = { name: string; title: string; run: () => Promise<Tally> };

export const EMPTY: Tally = { passed: 0, failed: 0, failures: [] };

/** Sum of two tallies, failures in order. */
export function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...a.failures, ...b.failures],
  };
}

/** A program that ends badly without naming a failed test has failed all the same, once. */
export function withExitCode(tally: Tally, code: number, program: string): Tally {
  if (code === 0 || tally.failed > 0) return tally;
  return add(tally, { passed: 0, failed: 1, failures: [`${program} ended with exit code ${code}`] });
}

/** The last line of a test run, read by machines. */
export function lastLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
