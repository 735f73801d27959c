/** Postgres refuses to run as root, so as root its processes run as the existing account `nobody`. */
import { readFileSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { StackFault } from "../stack-fault.ts";

export type Account = { name: string; uid: number; gid: number };

/** The account for child processes: null means "the one that runs the launcher". */
export function childAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name === "nobody" && uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new StackFault(
    "Postgres does not run as root and this machine has no account `nobody`; start Pulseboard as a normal user.",
  );
}

/** Whether the account may reach this existing path and read (a directory: enter) it, by the mode bits on the way. */
export async function canReach(path: string, account: Account | null): Promise<boolean> {
  if (account === null) {
    return access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
  }
  const info = await stat(path);
  const read = info.isDirectory() ? 0o5 : 0o4;
  if (!allows(info, read, account)) return false;
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    if (!allows(await stat(parent), 0o1, account)) return false;
    if (parent === dirname(parent)) return true;
  }
}

function allows(info: { mode: number; uid: number; gid: number }, wanted: number, account: Account): boolean {
  const shift = info.uid === account.uid ? 6 : info.gid === account.gid ? 3 : 0;
  return ((info.mode >> shift) & wanted) === wanted;
}
