import { expect, test } from "vitest";
import { welcome } from "#scripts/start/welcome.ts";

const person = (email: string, role: string) => ({ email, role, password: "pulseboard" });
const running = {
  address: "http://127.0.0.1:3000",
  embeddedUrl: "http://127.0.0.1:54321",
  remoteUrl: undefined,
  hasExecutor: true,
  users: [person("operator@pulseboard.local", "operator"), person("autopilot@pulseboard.local", "operator")],
};

test("a newcomer is told who may sign in, and who starts the runs that go on by themselves", () => {
  const text = welcome(running);
  expect(text).toContain("            operator@pulseboard.local (operator)\n");
  expect(text).not.toContain("autopilot@pulseboard.local (operator)");
  expect(text).toContain(
    "  Demo      autopilot@pulseboard.local starts runs by itself, so that two machines always deposit.\n",
  );
});

test("without an executor, or on a project of one's own, no autopilot is promised", () => {
  expect(welcome({ ...running, hasExecutor: false })).not.toContain("autopilot");
  expect(welcome({ ...running, users: [] })).not.toContain("autopilot");
});
