/** Our own Auth and Realtime, connected to one database. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { sendJson } from "./gateway/send-json.ts";
import type { Keys } from "./keys.ts";

export type Services = {
  auth: { handle(req: IncomingMessage, res: ServerResponse): Promise<void> };
  realtime: { handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void };
  close(): Promise<void>;
};

/** Starts both. */
export async function startServices(_options: { dbUrl: string; keys: Keys }): Promise<Services> {
  return {
    auth: {
      handle: async (_req, res) =>
        sendJson(res, 503, { code: "not_there", message: "Auth is not mounted yet" }),
    },
    realtime: {
      handleUpgrade: (_req, socket) => void socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
    },
    close: async () => undefined,
  };
}
