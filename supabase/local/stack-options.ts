import { join } from "node:path";
import { dataDirOf } from "#lib/data-folder.ts";
import { StackFault } from "./stack-fault.ts";

export type StackOptions = {
  /** Default: `.pulseboard/stack` of the repository, or PULSEBOARD_DATA_DIR. Ignored when ephemeral. */
  dataDir?: string;
  /** A throw-away stack in a temporary folder that `stop()` removes. */
  ephemeral?: boolean;
  /** Whether what is written outlasts a loss of power; default: not in a throw-away stack, whose tests then wait for no disk. */
  isDurable?: boolean;
  /** Load `supabase/seed.sql` once into a fresh database; default true. */
  seed?: boolean;
  /** Gateway port, 0 for a free one; default PULSEBOARD_STACK_PORT or 54321, ephemeral 0. */
  apiPort?: number;
  /** Database port, 0 for a free one; default PULSEBOARD_DB_PORT or 54322, ephemeral 0. */
  dbPort?: number;
  /** Apply pending migrations; default true. */
  migrate?: boolean;
  onProgress?: (line: string) => void;
  /** Ends a start that is under way at its next step. */
  signal?: AbortSignal;
};

/** The data directory of the persistent stack when none is named. */
export function defaultDataDir(): string {
  return join(dataDirOf(process.env), "stack");
}

/** The ports to listen on; 0 means any free one. */
export function wantedPorts(options: StackOptions): { apiPort: number; dbPort: number } {
  const fromEnv = (variable: string, fallback: number) =>
    options.ephemeral ? 0 : parsePort(variable, process.env[variable], fallback);
  return {
    apiPort: options.apiPort ?? fromEnv("PULSEBOARD_STACK_PORT", 54321),
    dbPort: options.dbPort ?? fromEnv("PULSEBOARD_DB_PORT", 54322),
  };
}

/** A port number from text, or a `StackFault` naming where it came from. */
export function parsePort(source: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new StackFault(`${source} is "${text}", which is no port; use a number from 0 to 65535.`);
}
