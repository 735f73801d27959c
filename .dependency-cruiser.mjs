// Who may import whom. Everything not listed is refused; scripts/imports.test.ts shows that the rules bite.
const MAY_IMPORT = {
  "lib/time": [],
  "lib/command-line": [],
  "lib/data-folder": [],
  "lib/result": [],
  "lib/model": ["lib/time", "lib/result"],
  "lib/view": ["lib/model", "lib/time"],
  "lib/commands": ["lib/model", "lib/result"],
  "lib/supabase": ["lib/model", "lib/result", "lib/time"],
  "lib/queries": ["lib/supabase", "lib/model", "lib/time"],
  "lib/realtime": ["lib/queries", "lib/supabase", "lib/model", "lib/time"],
  "lib/workflow": ["lib/supabase", "lib/model", "lib/result", "lib/time"],
  components: ["lib/model", "lib/view", "lib/time", "lib/result"],
  app: ["components", "lib"],
  executor: ["lib/model", "lib/time", "lib/result", "lib/supabase", "lib/command-line", "lib/data-folder"],
  // Tests run the product the way `npm start` does, so they borrow its starter.
  e2e: ["executor", "lib/data-folder", "lib/model", "lib/time", "supabase/local", "scripts"],
  supabase: ["lib/command-line", "lib/data-folder"],
};

const OURS = "^(app|components|lib|executor|supabase|e2e|bench|scripts)/";

/** A layer is a folder, a file of that name, or files that begin with it: lib/time is lib/time.ts and lib/time-format.ts. */
const inLayer = (layer) => `^${layer}(/|-[^/]*\\.tsx?$|\\.tsx?$)`;

/**
 * A stack test drives the product from outside, through the real services, so it may import from anywhere; so may what
 * several of them share (`test-….ts`).
 */
const STACK_TEST = "(\\.stack\\.test|/test-[^/]+)\\.ts$";

/** People who look on while something is measured. */
const VIEWERS = "^bench/viewers\\.ts$";

/** Code that a page brings along. What checks a person's input runs on the server and may use a schema library. */
const SHIPPED = "^(components|lib/(model|view|queries|realtime|supabase/rows))/";

/** What the tests of the embedded stack share: clients and people. */
const TEST_PART = "^supabase/local/.+/test-[^/]+\\.ts$";

export default {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([layer, others]) => ({
      name: `${layer} may import only ${others.join(", ") || "itself"}`,
      severity: "error",
      from: { path: inLayer(layer), pathNot: STACK_TEST },
      to: { path: OURS, pathNot: [layer, ...others].map(inLayer) },
    })),
    {
      name: "only lib/supabase and executor/reporter talk to Supabase",
      severity: "error",
      from: {
        path: OURS,
        pathNot: ["^lib/supabase/", inLayer("executor/reporter"), "\\.test\\.ts$", TEST_PART, VIEWERS],
      },
      to: { path: "node_modules/@supabase/" },
    },
    {
      name: "what runs in the browser reads rows with lib/model/fields.ts: zod weighs more than all of it",
      severity: "error",
      from: { path: SHIPPED },
      to: { path: "node_modules/zod/" },
    },
    { name: "no cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "every import leads to a file", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.pulseboard|node_modules/\\.)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
    },
  },
};
