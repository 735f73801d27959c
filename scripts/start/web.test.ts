import { expect, test } from "vitest";
import { isForTerminal } from "#scripts/start/web.ts";

test.each([
  "Request body exceeded 10MB for /sign-in. Only the first 10MB will be available unless configured.",
  'Error: Failed to find Server Action "x". This request might be from an older or newer deployment.',
  'Error: The Server Reference ID did not match the expected format. Received "00aa".',
  "Read more: https://nextjs.org/docs/messages/failed-to-find-server-action",
  "    at Object.get (.next/server/chunks/ssr/x.js:11:2753)",
])("what anybody can make the server say stays in its log: %s", (line) => {
  expect(isForTerminal(line)).toBe(false);
});

test.each(["Error: Cannot find module 'x'", "⨯ Failed to start server", " ⨯ TypeError: fetch failed"])(
  "trouble of its own is told: %s",
  (line) => {
    expect(isForTerminal(line)).toBe(true);
  },
);
