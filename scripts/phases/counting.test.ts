import { describe, expect, test } from "vitest";
import { countSpecs } from "#scripts/phases/e2e.ts";
import { countTap } from "#scripts/phases/pgtap.ts";
import { add, lastLine, withExitCode } from "#scripts/phases/phase.ts";
import { countTests } from "#scripts/phases/vitest.ts";

describe("vitest's report", () => {
  const result = (status: "passed" | "failed", ...tests: string[]) => ({
    name: "/somewhere/a.test.ts",
    status,
    assertionResults: tests.map((one) => ({ status: one, fullName: `it is ${one}` })),
  });

  test("counts passed and failed tests and leaves skipped ones out", () => {
    const tally = countTests({
      testResults: [result("failed", "passed", "failed", "skipped"), result("passed", "passed")],
    });
    expect(tally).toMatchObject({ passed: 2, failed: 1 });
    expect(tally.failures[0]).toMatch(/a\.test\.ts: it is failed$/);
  });

  test("counts a file that could not be loaded as one failure", () => {
    const tally = countTests({ testResults: [result("failed")] });
    expect(tally).toMatchObject({ passed: 0, failed: 1 });
    expect(tally.failures[0]).toMatch(/could not be run$/);
  });
});

describe("Playwright's report", () => {
  const spec = (status: string) => ({ title: status, file: "hold.spec.ts", tests: [{ status }] });

  test("looks into nested suites, and a second try is a failure", () => {
    const inner = { title: "inner", specs: [spec("expected"), spec("flaky"), spec("skipped")] };
    const tally = countSpecs({ suites: [{ title: "file", specs: [spec("unexpected")], suites: [inner] }] });
    expect(tally).toEqual({
      passed: 1,
      failed: 2,
      failures: ["e2e/hold.spec.ts: unexpected", "e2e/hold.spec.ts: flaky"],
    });
  });

  test("an error outside of any test is a failure", () => {
    const tally = countSpecs({ suites: [], errors: [{ message: "no browser\n  at here" }] });
    expect(tally).toEqual({ passed: 0, failed: 1, failures: ["playwright: no browser"] });
  });
});

describe("TAP", () => {
  test("counts ok and not ok, not their diagnostics", () => {
    const output = [
      "1..3",
      "ok 1 - a run starts",
      "not ok 2 - a viewer is refused",
      "#   got: ok 5",
      "    ok 3 - inner",
    ];
    expect(countTap(output.join("\n"))).toEqual({
      passed: 2,
      failed: 1,
      failures: ["database: a viewer is refused"],
    });
  });
});

describe("a tally", () => {
  test("of a program that ends badly without naming a test has one failure", () => {
    const tally = { passed: 3, failed: 0, failures: [] };
    expect(withExitCode(tally, 2, "vitest")).toEqual({
      passed: 3,
      failed: 1,
      failures: ["vitest ended with exit code 2"],
    });
    expect(withExitCode(tally, 0, "vitest")).toEqual(tally);
    expect(withExitCode({ ...tally, failed: 2 }, 1, "vitest").failed).toBe(2);
  });

  test("is read from the last line", () => {
    const sum = add({ passed: 2, failed: 1, failures: ["a"] }, { passed: 5, failed: 1, failures: ["b"] });
    expect(sum.failures).toEqual(["a", "b"]);
    expect(lastLine(sum)).toBe("7 passed, 2 failed");
  });
});
