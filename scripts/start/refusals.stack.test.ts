import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { ROOT } from "#scripts/paths.ts";
import { newMark } from "#scripts/processes/marked.ts";
import { WITHOUT_CONFIGURATION } from "#scripts/processes/tool.ts";
import { freePort } from "#scripts/start/guards.ts";
import { holdFolder } from "#scripts/start/one-per-folder.ts";

// What a person sees who starts Pulseboard with something wrong: one sentence, an exit code, and nothing left running.

const stack = inject("stack");
let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "pulseboard-refusal-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

type Ended = { code: number | null; sentences: string[]; alive: string[] };

async function start(environment: Record<string, string>): Promise<Ended> {
  const mark = newMark();
  const child = spawn(process.execPath, [join(ROOT, "scripts/run.mjs"), "start"], {
    env: {
      ...process.env,
      ...WITHOUT_CONFIGURATION,
      PORT: "0",
      PULSEBOARD_STACK_PORT: "0",
      PULSEBOARD_DB_PORT: "0",
      PULSEBOARD_DATA_DIR: dataDir,
      ...mark.env,
      ...environment,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, sentences: text.trim().split("\n"), alive: mark.alive() };
}

const refused = (sentence: string): Ended => ({
  code: 1,
  sentences: [`Pulseboard does not run: ${sentence}`],
  alive: [],
});

test("a PORT that is no port", async () => {
  expect(await start({ PORT: "http" })).toEqual(
    refused('PORT is "http", which is no port; use a number from 0 (any free one) to 65535.'),
  );
});

test("a port that is taken, before anything is started", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  expect(await start({ PORT: String(port) })).toEqual(
    refused(
      `port ${port} is taken by another program; stop that one, or choose another with PORT=${port + 1}.`,
    ),
  );
  other.close();
});

test("a folder that another Pulseboard runs from, whatever the ports", async () => {
  const other = await holdFolder(dataDir);
  await other.publish("http://127.0.0.1:3000");
  expect(await start({})).toEqual({
    code: 1,
    sentences: [
      `Pulseboard of this folder is already running at http://127.0.0.1:3000 (process ${process.pid}); ` +
        "open that page, or stop it with Ctrl-C where it was started.",
    ],
    alive: [],
  });
  await other.release();
});

test("the stack's port that is taken, with nothing of the stack left", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const fresh = join(dataDir, "fresh");
  expect(await start({ PULSEBOARD_STACK_PORT: String(port), PULSEBOARD_DATA_DIR: fresh })).toEqual(
    refused(
      `port ${port} for the gateway is taken by another program; stop that program or set PULSEBOARD_STACK_PORT to a free port.`,
    ),
  );
  expect(readdirSync(dataDir)).toEqual([]);
  other.close();
});

test("a data folder that cannot be made", async () => {
  expect(await start({ PULSEBOARD_DATA_DIR: "/dev/null/data" })).toEqual(
    refused(
      "the data folder /dev/null/data cannot be written to (ENOTDIR); name another with PULSEBOARD_DATA_DIR.",
    ),
  );
});

test("an address without a key", async () => {
  expect(await start({ SUPABASE_URL: stack.apiUrl })).toEqual(
    refused(
      "SUPABASE_URL is set but SUPABASE_PUBLISHABLE_KEY is not; copy it from your project's API settings.",
    ),
  );
});

test("a project that does not answer", async () => {
  const url = `http://127.0.0.1:${await freePort(0)}`;
  expect(await start({ SUPABASE_URL: url, SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" })).toEqual(
    refused(`${url} cannot be reached (connection refused); check SUPABASE_URL and the network.`),
  );
});

test("a publishable key that the project does not know", async () => {
  expect(await start({ SUPABASE_URL: stack.apiUrl, SUPABASE_PUBLISHABLE_KEY: "sb_publishable_x" })).toEqual(
    refused(
      `${stack.apiUrl} does not accept the key in SUPABASE_PUBLISHABLE_KEY; copy it again from your project's API settings.`,
    ),
  );
});

test("a secret key that the project does not know", async () => {
  const environment = {
    SUPABASE_URL: stack.apiUrl,
    SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
    SUPABASE_SECRET_KEY: "sb_secret_x",
  };
  expect(await start(environment)).toEqual(
    refused(
      `${stack.apiUrl} does not accept the key in SUPABASE_SECRET_KEY; copy it again from your project's API settings.`,
    ),
  );
});
