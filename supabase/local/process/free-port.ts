import { once } from "node:events";
import { createServer } from "node:net";
import { errorCode, StackFault } from "../stack-fault.ts";

/** A free loopback port. Another program may take it before it is used: callers try again on failure. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the probe socket has no port");
  return address.port;
}

/** Throws a `StackFault` when a wanted loopback port is in use. */
export async function requireFreePort(port: number, purpose: string, variable: string): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw portFault(error, port, purpose, variable) ?? error;
  }
  await new Promise((resolve) => server.close(resolve));
}

/** The sentence for a port that cannot be listened on, or null when the error says something else. */
export function portFault(
  error: unknown,
  port: number,
  purpose: string,
  variable: string,
): StackFault | null {
  const code = errorCode(error);
  if (code === "EADDRINUSE") {
    return new StackFault(
      `Port ${port} for the ${purpose} is taken by another program; stop that program or set ${variable} to a free port.`,
    );
  }
  if (code === "EACCES") {
    return new StackFault(
      `Port ${port} for the ${purpose} may not be opened; set ${variable} to a port above 1023.`,
    );
  }
  return null;
}
