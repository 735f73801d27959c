import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Path of a Node that runs TypeScript without a build: the one from node_modules, else this one when it is new enough,
 * else undefined.
 *
 * @param {string} root
 * @param {Pick<NodeJS.Process, "platform" | "arch" | "versions" | "execPath">} host
 */
export function findNode(root, { platform, arch, versions, execPath } = process) {
  const name = platform === "win32" ? "win" : platform;
  const installed = join(
    root,
    "node_modules",
    `node-${name}-${arch}`,
    "bin",
    name === "win" ? "node.exe" : "node",
  );
  if (existsSync(installed)) return installed;
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18) ? execPath : undefined;
}
