import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Name of the first package that package-lock.json asks for and node_modules does not hold in that version;
 * undefined when everything is there. Packages for other platforms are optional and do not count.
 */
export function missingPackage(root) {
  const wanted = packagesIn(join(root, "package-lock.json")) ?? {};
  const installed = packagesIn(join(root, "node_modules", ".package-lock.json"));
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed?.[path]?.version;
    if (found === undefined ? !optional : found !== version) return path.replace(/^node_modules\//, "");
  }
  return undefined;
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    // No file, or one cut short by an interrupted install: both mean that nothing reliable is installed.
    return undefined;
  }
}

/** Runs `npm ci`; resolves to a sentence when it failed, to undefined when it is done. */
export async function install(root, missing) {
  const reason = existsSync(join(root, "node_modules")) ? ` (${missing} is missing)` : "";
  console.error(`Installing dependencies${reason} …`);
  const began = Date.now();
  const { code, output } = await npmCi(root);
  if (code === 0) {
    console.error(`Installed in ${Math.round((Date.now() - began) / 1000)} s.`);
    return undefined;
  }
  return `dependencies could not be installed (${reasonIn(output) ?? `npm ended with ${code}`}); check the network, and run "npm ci" to see more.`;
}

/** The line of npm's error that tells a person something: why a request failed, else the first whole sentence. */
export function reasonIn(output) {
  const lines = output.split("\n").map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim());
  const request = lines.map((line) => /reason: (.+)/.exec(line)?.[1]).find(Boolean);
  return request ?? lines.find((line) => line.split(" ").length > 3 && !line.startsWith("A complete log"));
}

/** The npm that started us when there is one: it need not be on the path. */
function npmCi(root) {
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const self = process.env.npm_execpath;
  const [program, first] = self?.endsWith(".js") ? [process.execPath, [self]] : ["npm", []];
  return new Promise((resolve) => {
    const child = spawn(program, [...first, ...args], {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
      shell: process.platform === "win32" && first.length === 0,
    });
    let output = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.on("error", (error) => resolve({ code: error.code, output }));
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output }));
  });
}
