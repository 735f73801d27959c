/**
 * Where the parts of one stack live. All in the data directory, unless root runs the launcher and `nobody`
 * cannot reach it (a project below a private home): then cluster and program copies go to /var/tmp, which
 * survives a reboot, while keys and lock stay in the data directory.
 */
import { chmod, lstat, mkdir, mkdtemp, realpath, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "#lib/data-folder.ts";
import { type Account, canReach } from "../process/account.ts";
import { clusterMark } from "../process/orphans.ts";
import { errorCode, StackFault } from "../stack-fault.ts";
import { EPHEMERAL_PREFIX, noteOrigin, sweepAbandoned, sweepForsaken } from "./sweep.ts";

export type Layout = {
  dataDir: string;
  /** Cluster, logs and program copies; equals `dataDir` when the child account reaches it. */
  runtimeDir: string;
  mark: string;
  account: Account | null;
};

/** Where a cluster goes that cannot be in its data directory. */
const OUTSIDE = "/var/tmp";
const REQUIRED_FREE_BYTES = 150 * 1024 * 1024;

/** Creates the folders of a persistent stack, or throws a `StackFault`. */
export async function openLayout(wanted: string, account: Account | null): Promise<Layout> {
  const dataDir = await createFolder(wanted);
  const mark = clusterMark(dataDir);
  const isReachable = await canReach(dataDir, account);
  const runtimeDir = isReachable ? dataDir : await openOutside(join(OUTSIDE, mark), dataDir);
  await requireFreeSpace(runtimeDir);
  return { dataDir, runtimeDir, mark, account };
}

/** Creates a temporary folder for a throw-away stack, and removes those of launchers that were killed. */
export async function openEphemeralLayout(account: Account | null): Promise<Layout> {
  for (const base of [tmpdir(), "/tmp", "/var/tmp"]) {
    if (!(await canReach(base, account).catch(() => false))) continue;
    await sweepAbandoned(base);
    const folder = await mkdtemp(join(base, EPHEMERAL_PREFIX)).catch((error) => {
      throw folderFault(base, error) ?? error;
    });
    if (account !== null) await chmod(folder, 0o755);
    return openLayout(folder, account).catch(async (error) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
  }
  throw new StackFault(
    "No temporary folder can be used by the database; set TMPDIR to one that every account may enter.",
  );
}

async function createFolder(wanted: string): Promise<string> {
  try {
    await makeFolder(wanted);
    const folder = await realpath(wanted);
    const probe = await mkdtemp(join(folder, ".probe-"));
    await rm(probe, { recursive: true });
    return folder;
  } catch (error) {
    throw folderFault(wanted, error) ?? error;
  }
}

/** A predictable name in a shared folder: only one that root itself made is trusted. */
async function openOutside(path: string, dataDir: string): Promise<string> {
  await sweepForsaken(OUTSIDE);
  await mkdir(path, { mode: 0o711 }).catch((error) => {
    if (errorCode(error) !== "EEXIST") throw folderFault(path, error) ?? error;
  });
  const info = await lstat(path);
  if (!info.isDirectory() || info.uid !== process.getuid?.()) {
    throw new StackFault(
      `${path} belongs to somebody else; remove it, or use another folder with --data-dir.`,
    );
  }
  await noteOrigin(path, dataDir);
  return path;
}

async function requireFreeSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const fault = freeSpaceFault(folder, bavail * bsize);
  if (fault) throw fault;
}

/** The sentence for a disk with too few bytes left for a database, or null. */
export function freeSpaceFault(folder: string, freeBytes: number): StackFault | null {
  if (freeBytes >= REQUIRED_FREE_BYTES) return null;
  const megabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`;
  return new StackFault(
    `Only ${megabytes(freeBytes)} are free for the database in ${folder} and it needs ${megabytes(REQUIRED_FREE_BYTES)}; free some space or choose another folder with --data-dir.`,
  );
}

function folderFault(path: string, error: unknown): StackFault | null {
  const code = errorCode(error);
  const why = {
    EACCES: "is not writable",
    EPERM: "is not writable",
    EROFS: "is on a read-only disk",
    ENOSPC: "is on a full disk",
    ENOENT: "cannot be made",
    ENOTDIR: "is not a folder",
    EEXIST: "is not a folder",
  }[code ?? ""];
  if (why === undefined) return null;
  return new StackFault(
    `The data folder ${path} ${why}; choose another with --data-dir or PULSEBOARD_DATA_DIR.`,
  );
}
