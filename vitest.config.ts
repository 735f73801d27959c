import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const OURS = "{app,components,lib,executor,supabase,scripts,bench,e2e}";
const NEVER = ["**/node_modules/**", "**/.next/**", "**/.pulseboard/**"];

/**
 * Two kinds of tests. `unit` touches no network and no database. `stack` shares one throw-away embedded stack,
 * started once by the global setup; each test in it makes its own users, machines and rows.
 */
export default defineConfig({
  test: {
    retry: 0,
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
