import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolPath } from "#scripts/paths.ts";
import { type Phase, type Tally, withExitCode } from "#scripts/phases/phase.ts";
import { runTool, WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";

type Spec = { title: string; file: string; tests: { status: string }[] };
type Suite = { title: string; specs?: Spec[]; suites?: Suite[] };
type Report = { suites: Suite[]; errors?: { message?: string }[] };

/** The promises to a person, in a real browser against the production build. */
export const e2ePhase: Phase = {
  name: "e2e",
  title: "end to end in a browser",
  async run(): Promise<Tally> {
    const folder = await mkdtemp(join(tmpdir(), "pulseboard-e2e-"));
    const file = join(folder, "report.json");
    try {
      const { code } = await runTool(toolPath("playwright"), ["test", "--reporter=list,json"], {
        env: { ...WITHOUT_CONFIGURATION, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      });
      const text = await readFile(file, "utf8").catch(() => '{"suites":[]}');
      return withExitCode(countSpecs(JSON.parse(text) as Report), code, "playwright");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Counts Playwright's JSON report. A test that needed a second try counts as failed; one skipped is not counted. */
export function countSpecs(report: Report): Tally {
  const specs = report.suites.flatMap(specsIn);
  const counted = specs.flatMap((spec) => spec.tests.map((test) => ({ ...spec, status: test.status })));
  const failed = counted.filter(({ status }) => status === "unexpected" || status === "flaky");
  const errors = (report.errors ?? []).map(
    ({ message }) => `playwright: ${message?.split("\n")[0] ?? "failed"}`,
  );
  return {
    passed: counted.filter(({ status }) => status === "expected").length,
    failed: failed.length + errors.length,
    failures: [...failed.map(({ file, title }) => `e2e/${file}: ${title}`), ...errors],
  };
}

function specsIn(suite: Suite): Spec[] {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsIn)];
}
