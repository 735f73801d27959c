import { once } from "node:events";
import { type StatsFs, statfsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { makeFolder } from "#lib/data-folder.ts";
import { StartFault } from "#scripts/start/start-fault.ts";

/** Enough for a fresh database, the build and a day of runs. */
export const NEEDED_BYTES = 500 * 1024 * 1024;

/**
 * The port to listen on, which is free now; 0 asks for any. Looked at first, so that nothing is started for a web app
 * that could not be reached.
 */
export async function freePort(port: number): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch (error) {
    throw portFault((error as NodeJS.ErrnoException).code, port);
  } finally {
    server.close();
  }
}

function portFault(code: string | undefined, port: number): StartFault {
  if (code === "EADDRINUSE") {
    return new StartFault(
      `port ${port} is taken by another program; stop that one, or choose another with PORT=${port + 1}.`,
    );
  }
  if (code === "EACCES") {
    return new StartFault(
      `port ${port} needs administrator rights; choose one above 1023, such as PORT=3000.`,
    );
  }
  return new StartFault(
    `port ${port} cannot be used (${code ?? "unknown error"}); choose another with PORT.`,
  );
}

/** Makes the data folder and looks whether it can be written to and has room. */
export async function requireRoom(
  folder: string,
  stat: (path: string) => StatsFs = statfsSync,
): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    if (code === "ENOSPC") throw roomFault(folder, 0);
    throw new StartFault(
      `the data folder ${folder} cannot be written to (${code}); name another with PULSEBOARD_DATA_DIR.`,
    );
  }
  const { bavail, bsize } = stat(folder);
  if (bavail * bsize < NEEDED_BYTES) throw roomFault(folder, bavail * bsize);
}

function roomFault(folder: string, free: number): StartFault {
  const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;
  return new StartFault(
    `the disk of ${folder} has ${megabytes(free)} free and ${megabytes(NEEDED_BYTES)} are needed; ` +
      "free some, or name a folder elsewhere with PULSEBOARD_DATA_DIR.",
  );
}
