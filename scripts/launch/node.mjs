import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Path of a Node that runs TypeScript without a build: the one from node_modules, else this one when it is new enough,
 * else undefined.
 *
 * @param {string} root
 * @param {Pick<NodeJS.Process, "platform" | "arch" | "versions" | "execPath">} host
 */
export function findNode(root, host = process) {
  const program = host.platform === "win32" ? "node.exe" : "node";
  const installed = join(root, "node_modules", nodePackage(host), "bin", program);
  if (existsSync(installed)) return installed;
  const [major = 0, minor = 0] = host.versions.node.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 18) ? host.execPath : undefined;
}

/**
 * Name of the package that brings a Node for this platform, where there is one.
 *
 * @param {Pick<NodeJS.Process, "platform" | "arch">} host
 */
export function nodePackage({ platform, arch } = process) {
  return `node-${platform === "win32" ? "win" : platform}-${arch}`;
}
