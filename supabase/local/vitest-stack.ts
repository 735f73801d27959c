/** Global setup of the `stack` tests: one throw-away stack with all migrations and no demo data, for every file. */
import type { TestProject } from "vitest/node";
import { type Stack, type StackInfo, startStack } from "./stack.ts";

declare module "vitest" {
  export interface ProvidedContext {
    stack: StackInfo;
  }
}

let stack: Stack | undefined;

/** Tests read it with `inject("stack")`. */
export async function setup(project: TestProject): Promise<void> {
  stack = await startStack({ ephemeral: true, seed: false });
  const { apiUrl, dbUrl, publishableKey, secretKey, users } = stack;
  project.provide("stack", { apiUrl, dbUrl, publishableKey, secretKey, users });
}

export async function teardown(): Promise<void> {
  await stack?.stop();
}
