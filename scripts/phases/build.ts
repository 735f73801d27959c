import { build } from "#scripts/build/build.ts";
import type { Phase, Tally } from "#scripts/phases/phase.ts";

/** The production build counts as one test; the end-to-end tests run against it. */
export const buildPhase: Phase = {
  name: "build",
  title: "production build",
  async run(): Promise<Tally> {
    const result = await build();
    if (result.ok) {
      console.log(result.reused ? "  ✓ built from these sources before" : "  ✓ built");
      return { passed: 1, failed: 0, failures: [] };
    }
    console.log(result.output.trimEnd());
    return { passed: 0, failed: 1, failures: ["the production build failed"] };
  },
};
