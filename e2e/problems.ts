import type { BrowserContext } from "@playwright/test";

/** What went wrong in a browser without anybody asking; what is unexpected at the end fails the test. */
export type Problems = {
  note(text: string): void;
  /** For a test that breaks something on purpose: problems that match are no failure. */
  expect(pattern: RegExp): void;
  unexpected(): string[];
};

/** An empty list of problems. */
export function noProblems(): Problems {
  const found: string[] = [];
  const expected: RegExp[] = [];
  return {
    note: (text) => void found.push(text),
    expect: (pattern) => void expected.push(pattern),
    unexpected: () => found.filter((text) => !expected.some((pattern) => pattern.test(text))),
  };
}

/** Watches a context and every page in it, also those opened later. */
export function watchForProblems(context: BrowserContext, problems: Problems): void {
  context.on("console", (message) => {
    if (message.type() === "error")
      problems.note(`console: ${message.text()} (${message.page()?.url() ?? "no page"})`);
  });
  context.on("weberror", (error) =>
    problems.note(`uncaught: ${error.error().stack ?? error.error().message}`),
  );
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "failed";
    // Aborted: a prefetch or a stream that the page itself gave up on leaving.
    if (reason !== "net::ERR_ABORTED")
      problems.note(`request: ${reason} ${request.method()} ${request.url()}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) problems.note(`response: ${response.status()} ${response.url()}`);
  });
}
