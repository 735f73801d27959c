import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROOT } from "#scripts/paths.ts";
import { newMark } from "#scripts/processes/marked.ts";

// A first start that is cut short, and two at once, with an npm of our own that installs one package when it is let.

const NPM = `
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
// As the real one: told to end, it first finishes what it is at.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
rmSync("node_modules", { recursive: true, force: true });
mkdirSync("node_modules/one", { recursive: true });
spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { stdio: "ignore" }).on("spawn", () => {
  appendFileSync("began", ".");
}).unref();
const timer = setInterval(() => {
  if (!existsSync("go")) return;
  clearInterval(timer);
  writeFileSync("node_modules/one/package.json", "{}");
  writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages: { "node_modules/one": { version: "1.0.0" } } }));
  process.exit();
}, 10);
`;

let folder = "";
const mark = newMark();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulseboard-install-"));
  cpSync(join(ROOT, "scripts/launch"), join(folder, "scripts/launch"), { recursive: true });
  cpSync(join(ROOT, "scripts/run.mjs"), join(folder, "scripts/run.mjs"));
  writeFileSync(join(folder, "scripts/start.ts"), "console.log('it runs');");
  writeFileSync(join(folder, "npm.js"), NPM);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const packages = { "": {}, "node_modules/one": { version: "1.0.0" } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages }));
});
afterEach(() => {
  for (const line of mark.alive()) process.kill(Number.parseInt(line, 10), "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

type Start = { child: ChildProcess; ended: Promise<unknown[]>; said: () => string };

function start(): Start {
  const child = spawn(process.execPath, ["scripts/run.mjs", "start"], {
    cwd: folder,
    env: {
      ...process.env,
      ...mark.env,
      npm_execpath: join(folder, "npm.js"),
      npm_lifecycle_event: undefined,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  }
  return { child, ended: once(child, "close"), said: () => text };
}

const installsBegun = (): number =>
  existsSync(join(folder, "began")) ? readFileSync(join(folder, "began"), "utf8").length : 0;
const untilBegun = (count: number) => expect.poll(installsBegun, { timeout: 10_000 }).toBe(count);
const letInstall = (): void => writeFileSync(join(folder, "go"), "");
const locks = (): string[] => readdirSync(folder).filter((name) => name.startsWith(".install.lock"));

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends npm with all it started, and the next start installs anew", async (signal, code) => {
  const first = start();
  await untilBegun(1);
  first.child.kill(signal);
  expect((await first.ended)[0]).toBe(code);
  expect(first.said()).toMatch(
    /^Installing dependencies …\nNothing was run: the installation was called off; /,
  );
  expect([mark.alive(), locks()]).toEqual([[], []]);

  letInstall();
  const second = start();
  expect((await second.ended)[0]).toBe(0);
  expect(second.said()).toMatch(
    /^Installing dependencies \(one is missing\) …\nInstalled in \d+ s\.\nit runs\n$/,
  );
  expect(locks()).toEqual([]);
});

test("a second start waits for the install of the first, and does not install itself", async () => {
  const first = start();
  await untilBegun(1);
  const second = start();
  await expect
    .poll(second.said, { timeout: 10_000 })
    .toMatch(/^Dependencies are being installed by process \d+; /);
  letInstall();
  expect([(await first.ended)[0], (await second.ended)[0]]).toEqual([0, 0]);
  expect(second.said()).toMatch(/waiting for it …\nit runs\n$/);
  expect(installsBegun()).toBe(1);
});

test("a start that was killed leaves a lock, which holds as long as its npm lives and not longer", async () => {
  const first = start();
  await untilBegun(1);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const second = start();
  await expect
    .poll(second.said, { timeout: 10_000 })
    .toContain("Dependencies are being installed by process");
  for (const line of mark.alive().filter((one) => one.includes("npm.js")))
    process.kill(Number.parseInt(line, 10), "SIGKILL");
  await untilBegun(2);
  letInstall();
  expect((await second.ended)[0]).toBe(0);
});

test("what keeps an install from being begun is said in one sentence", async () => {
  mkdirSync(join(folder, ".install.lock"));
  const { ended, said } = start();
  expect((await ended)[0]).toBe(1);
  expect(said()).toMatch(/^Nothing was run: dependencies could not be installed \(.+\); .+\.\n$/);
});
