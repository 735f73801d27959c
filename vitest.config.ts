import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const OURS = "{app,components,lib,executor,supabase,scripts,bench,e2e}";
const NEVER = ["**/node_modules/**", "**/.next/**", "**/.pulseboard/**"];

/** Those that take longest, which must not be left for the end, when one worker has nothing to do beside them. */
const LONG =
  /\/(bootstrap|command|commands|every-rollback|faults-abuse|faults-database|faults-found|faults-server|lifecycle|machine-controller|model|plans|refused-start|release|replay|restart|seed|steps-file|storm|tell-readings|unreachable|upgrade)\.stack\.test\.ts$/;

/** What a file took the last time is known only where tests ran before; in a fresh clone the largest file comes first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Two kinds of tests. `unit` touches no network and no database. `stack` shares one throw-away embedded stack,
 * started once by the global setup; each test in it makes its own users, machines and rows.
 */
export default defineConfig({
  test: {
    retry: 0,
    sequence: { sequencer: LongestFirst },
    maxWorkers: Math.min(4, availableParallelism()),
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [`${OURS}/**/*.test.{ts,tsx}`],
          exclude: [...NEVER, "**/*.stack.test.ts"],
          environment: "node",
        },
      },
      {
        extends: true,
        test: {
          name: "stack",
          include: [`${OURS}/**/*.stack.test.ts`],
          exclude: NEVER,
          environment: "node",
          globalSetup: ["supabase/local/vitest-stack.ts"],
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
