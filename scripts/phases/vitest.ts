import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { ROOT, toolPath } from "#scripts/paths.ts";
import { type Phase, type Tally, withExitCode } from "#scripts/phases/phase.ts";
import { runTool, WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";

/** The part of vitest's JSON report that is counted. */
type Report = {
  testResults: {
    name: string;
    status: "passed" | "failed";
    assertionResults: { status: string; fullName: string }[];
  }[];
};

/** One vitest project as a phase. */
export function vitestPhase(project: "unit" | "stack", title: string): Phase {
  return {
    name: project,
    title,
    async run(): Promise<Tally> {
      const folder = await mkdtemp(join(tmpdir(), "pulseboard-vitest-"));
      const file = join(folder, "report.json");
      try {
        const { code } = await runTool(
          toolPath("vitest"),
          ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
          { env: { ...WITHOUT_CONFIGURATION, NODE_ENV: "test" } },
        );
        return withExitCode(await tallyOf(file), code, `vitest (${project})`);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function tallyOf(file: string): Promise<Tally> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return '{"testResults":[]}';
    throw error;
  });
  return countTests(JSON.parse(text) as Report);
}

/** Counts vitest's JSON report; a file that failed before its first test (it could not be loaded) counts as one failure. */
export function countTests(report: Report): Tally {
  const tests = report.testResults.flatMap((result) => result.assertionResults);
  const failures = report.testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    const sentences = failed.map((test) => `${relative(ROOT, name)}: ${test.fullName}`);
    return status === "failed" && failed.length === 0
      ? [`${relative(ROOT, name)}: could not be run`]
      : sentences;
  });
  const passed = tests.filter((test) => test.status === "passed").length;
  return { passed, failed: failures.length, failures };
}
