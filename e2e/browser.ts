import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "@playwright/test";
import { dataDirOf, makeFolder } from "#lib/data-folder.ts";

export type Browser = { executablePath: string; args: string[]; env: Record<string, string> };

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ON_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Quiet on a machine without a network, and no first-run pages. Root has no sandbox to offer. */
const ARGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
  "--no-pings",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/**
 * The Chromium that tests and benchmarks drive: PULSEBOARD_CHROMIUM, else Playwright's own if installed, else one on the
 * path, else the one that npm brought. Rejects with a sentence when there is none; nothing is skipped for want of one.
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env["PULSEBOARD_CHROMIUM"];
  if (named !== undefined && !(await isProgram(named))) {
    throw new Error(
      `PULSEBOARD_CHROMIUM names ${named}, which is not a program; correct it or leave it out.`,
    );
  }
  for (const path of [named, chromium.executablePath(), ...onPath()]) {
    if (path !== undefined && (await isProgram(path)))
      return { executablePath: path, args: ARGS, env: inherited() };
  }
  if (process.platform === "linux" && process.arch === "x64") return await browserFromNpm();
  throw new Error(
    "No Chromium was found; run `npx playwright install chromium`, or set PULSEBOARD_CHROMIUM to one.",
  );
}

function onPath(): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => ON_PATH.map((name) => join(folder, name)));
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Unpacked once, into this clone: a folder under /tmp, which the package would use, belongs to whoever came first.
 * Unpacked beside its place and renamed, so that two runs at once, or one cut short, leave nothing half done.
 */
async function browserFromNpm(): Promise<Browser> {
  const version = await sparticuzVersion();
  const data = dataDirOf(process.env);
  const folder = join(data, `chromium-${version}`);
  if (!existsSync(folder)) await unpackTo(folder, data);
  return {
    executablePath: join(folder, "chromium"),
    // Pages are drawn by the processor itself, as in any browser without a graphics card; the card that this build can
    // imitate instead compiles its shaders while people would wait, a second at a time.
    args: [
      ...ARGS,
      "--no-zygote",
      "--in-process-gpu",
      "--disable-gpu",
      "--disable-software-rasterizer",
      "--no-sandbox",
    ],
    env: {
      ...inherited(),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
      LD_LIBRARY_PATH: [join(folder, "al2023/lib"), process.env["LD_LIBRARY_PATH"]]
        .filter(Boolean)
        .join(delimiter),
    },
  };
}

async function unpackTo(folder: string, data: string): Promise<void> {
  await makeFolder(data);
  const staging = await mkdtemp(join(data, "chromium-"));
  try {
    await promisify(execFile)(process.execPath, [join(HERE, "unpack-chromium.mjs"), staging]);
    await writeFile(join(staging, "fonts.conf"), fontsConf(join(folder, "fonts")));
    await rename(staging, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The machine's fonts where it has any, and the package's own, so that text is never boxes. */
function fontsConf(bundled: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${bundled}</dir>
  <cachedir>${bundled}/cache</cachedir>
</fontconfig>
`;
}

async function sparticuzVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const text = await readFile(join(entry, "../../../package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
