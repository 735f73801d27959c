/** Our own Auth and Realtime, connected to one database. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { Pool } from "pg";
import { createAuth } from "./auth/create-auth.ts";
import type { Keys } from "./keys.ts";
import { createRealtime } from "./realtime/server.ts";

export type Services = {
  auth: { handle(req: IncomingMessage, res: ServerResponse): Promise<void> };
  realtime: { handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void };
  close(): Promise<void>;
};

export type ServicesOptions = { dbUrl: string; keys: Keys; onProgress: (line: string) => void };

/** Starts both; `close` must come before Postgres stops. */
export async function startServices({ dbUrl, keys, onProgress }: ServicesOptions): Promise<Services> {
  const pool = new Pool({ connectionString: dbUrl, max: 8, connectionTimeoutMillis: 5000, keepAlive: true });
  // Without listeners a connection that Postgres ends takes the launcher down with it: an idle one through the pool,
  // one between two statements of a transaction through the client.
  pool.on("error", (error) => onProgress(`auth lost a database connection: ${error.message}`));
  pool.on("connect", (client) => client.on("error", () => undefined));
  try {
    const realtime = await createRealtime({ dbUrl, verifyToken: keys.verifyToken, log: onProgress });
    return {
      auth: createAuth({ pool, keys, log: onProgress }),
      realtime,
      close: async () => {
        await realtime.close();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
