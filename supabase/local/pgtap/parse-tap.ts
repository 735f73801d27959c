/** One test of a pgTAP file; `detail` is what pgTAP says about a failure. */
export type TestResult = { file: string; description: string; ok: boolean; detail: string[] };

/**
 * Reads the TAP lines one file printed. Every `ok` and `not ok` is a result; a file without a plan, with fewer or more
 * tests than planned, or with none, has one more result that says so. A TODO or SKIP that is `not ok` counts as passed.
 */
export function parseTap(file: string, lines: string[]): TestResult[] {
  const results: TestResult[] = [];
  const planned: number[] = [];
  for (const line of lines) {
    const plan = /^1\.\.(\d+)/.exec(line);
    const test = /^(not )?ok \d+(?: - )?(.*)$/.exec(line);
    if (plan) planned.push(Number(plan[1]));
    else if (test) results.push(resultOf(file, test[1] === undefined, test[2] ?? ""));
    else if (line.startsWith("#") && results.at(-1)?.ok === false) results.at(-1)?.detail.push(line);
  }
  const fault = planFault(planned, results.length);
  if (fault) results.push({ file, description: fault, ok: false, detail: [] });
  return results;
}

function resultOf(file: string, isOk: boolean, text: string): TestResult {
  const isExcused = /# (todo|skip)\b/i.test(text);
  return { file, description: text.trim() || "(no description)", ok: isOk || isExcused, detail: [] };
}

function planFault([planned, ...more]: number[], ran: number): string | undefined {
  if (planned === undefined) return "the file has no plan; begin it with select plan(n)";
  if (more.length > 0) return "the file plans more than once";
  if (planned !== ran) return `planned ${planned} tests but ran ${ran}`;
  return ran === 0 ? "the file has no test" : undefined;
}
