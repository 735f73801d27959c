import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findNode, nodePackage } from "./node.mjs";

/**
 * Name of the first package that package-lock.json asks for and node_modules does not hold in that version; undefined
 * when everything is there. Packages for other platforms are optional and do not count, save the one without which no
 * program runs here. npm notes what it installed, but a folder may be gone all the same: those that a start needs are
 * looked for.
 */
export function missingPackage(root) {
  const wanted = packagesIn(join(root, "package-lock.json")) ?? {};
  const installed = packagesIn(join(root, "node_modules", ".package-lock.json"));
  for (const [path, { version, optional, dev }] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed?.[path]?.version;
    if (found === undefined ? !optional : found !== version) return nameOf(path);
    if (found !== undefined && !dev && !existsSync(join(root, path, "package.json"))) return nameOf(path);
  }
  const runtime = `node_modules/${nodePackage()}`;
  return findNode(root) === undefined && Object.hasOwn(wanted, runtime) ? nameOf(runtime) : undefined;
}

const nameOf = (path) => path.replace(/^node_modules\//, "");

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    // No file, or one cut short by an interrupted install: both mean that nothing reliable is installed.
    return undefined;
  }
}
