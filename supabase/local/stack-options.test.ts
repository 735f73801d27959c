import { afterEach, describe, expect, test, vi } from "vitest";
import { defaultDataDir, parsePort, wantedPorts } from "./stack-options.ts";

afterEach(() => vi.unstubAllEnvs());

describe("ports and folders", () => {
  test("of a lasting stack are the known ones, the environment's, then the caller's", () => {
    vi.stubEnv("PULSEBOARD_STACK_PORT", undefined);
    vi.stubEnv("PULSEBOARD_DB_PORT", undefined);
    expect(wantedPorts({})).toEqual({ apiPort: 54321, dbPort: 54322 });
    vi.stubEnv("PULSEBOARD_STACK_PORT", "6001");
    vi.stubEnv("PULSEBOARD_DB_PORT", "6002");
    expect(wantedPorts({})).toEqual({ apiPort: 6001, dbPort: 6002 });
    expect(wantedPorts({ apiPort: 0, dbPort: 7 })).toEqual({ apiPort: 0, dbPort: 7 });
  });

  test("of a throw-away stack are free ones whatever the environment says", () => {
    vi.stubEnv("PULSEBOARD_STACK_PORT", "6001");
    expect(wantedPorts({ ephemeral: true })).toEqual({ apiPort: 0, dbPort: 0 });
  });

  test.each(["x", "-1", "65536", "1.5"])("refuse %s as a port", (text) => {
    expect(() => parsePort("--port", text, 1)).toThrow(
      `--port is "${text}", which is no port; use a number from 0 to 65535.`,
    );
  });

  test("follow PULSEBOARD_DATA_DIR", () => {
    vi.stubEnv("PULSEBOARD_DATA_DIR", "/elsewhere");
    expect(defaultDataDir()).toBe("/elsewhere/stack");
  });
});
